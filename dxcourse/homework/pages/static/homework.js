// A page that is open when its deadline passes says so.
const late = document.getElementById("late");
const due = Number(late?.dataset.due);
if (due) {
  const look = () => {
    if (late.hidden && Date.now() >= due * 1000) late.hidden = false;
  };
  look();
  setInterval(look, 10_000);
}

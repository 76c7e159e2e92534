// Boxes for the points of each criterion, on formgrader's page of a submission.
//
// They store nothing of their own: the points are the first line of the comment, the sum is the
// score, and both go through formgrader's own models, and so through nbgrader's API with its token.
// `homework/rubric.py` reads the same line, by the same patterns.
const dxCriteria = (() => {
  const data = JSON.parse(document.getElementById("dx-criteria-data").textContent);
  const say = (name, values = {}) => data.words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const { number, between, after } = data;
  const word = escaped(data.word);
  const NUMBER = new RegExp(`^${number}$`);
  const NUMBERS = new RegExp(`^${number}(?:${between}${number})*$`);
  const LEAD = new RegExp(`^(?:${word})?${after}|${after}$`, "g");
  const MEANT = new RegExp(`^(?:${word}${after}[-+]?${number}.*|${number}(?:${between}${number})+)$`);
  const tidy = (points) => String(Math.round(points * 100) / 100);
  const sum = (points) => points.reduce((all, each) => all + each, 0);
  const same = (one, other) => Math.abs(one - other) < 1e-9;
  const plain = (text) => text.normalize("NFKC").trim();

  /** What a comment says: its points by criterion or null, its first line if misread, the rest. */
  function read(comment, most) {
    const text = (comment ?? "").trim();
    const end = text.indexOf("\n");
    const first = (end < 0 ? text : text.slice(0, end)).trim();
    const rest = end < 0 ? "" : text.slice(end + 1).trim();
    const numbers = plain(first).replace(LEAD, "");
    const points = NUMBERS.test(numbers) ? numbers.split(new RegExp(between)).map(Number) : [];
    if (points.length === most.length && points.every((each, at) => each <= most[at])) {
      return { points, misread: "", rest };
    }
    if (MEANT.test(plain(first))) return { points: null, misread: first, rest };
    return { points: null, misread: "", rest: text };
  }

  const line = (points, rest) => [[data.word, ...points.map(String)].join(" "), rest].filter(Boolean).join("\n");

  class Boxes {
    constructor(fieldset) {
      this.fieldset = fieldset;
      this.boxes = [...fieldset.querySelectorAll("input")];
      this.most = this.boxes.map((box) => Number(box.dataset.max));
      this.status = fieldset.querySelector("[role=status]");
      this.filled = false; // whether the boxes have what the comment has
      this.saving = this.failed = this.again = false;
      this.tell("loading");
      // jQuery's: formgrader triggers the change itself before it goes to the next submission.
      $(this.boxes).on("change", () => this.changed());
      $(this.boxes).on("keydown", (event) => { if (event.key === "Enter") this.changed(true); });
      addEventListener("beforeunload", (event) => { if (this.unsaved) event.preventDefault(); });
    }

    start(grade, comment) {
      Object.assign(this, { grade, comment });
      for (const box of this.boxes) box.readOnly = false;
      this.show();
      comment.on("change:manual_comment", () => { if (!this.saving) this.show(); });
      grade.on("change", () => { if (!this.saving) this.report(); });
    }

    tell(name, values) {
      const text = say(name, values);
      if (this.status.textContent !== text) this.status.textContent = text;
      this.status.dataset.state = ["wrong", "misread", "differs", "failed", "unloaded"].includes(name) ? "wrong" : name;
    }

    /** What the boxes hold: a number, null where empty, NaN where it is none that may stand there. */
    get points() {
      return this.boxes.map((box, at) => {
        const text = plain(box.value);
        if (!text) return null;
        return NUMBER.test(text) && Number(text) <= this.most[at] && NUMBER.test(String(Number(text))) ? Number(text) : NaN;
      });
    }

    get said() { return read(this.comment.get("manual_comment"), this.most); }

    get score() {
      const { manual_score: manual, auto_score: auto, extra_credit: extra } = this.grade.attributes;
      return manual == null && auto == null ? null : Number(manual ?? auto) + Number(extra ?? 0);
    }

    get unsaved() {
      if (!this.comment) return false;
      const had = this.said.points;
      return this.saving || this.failed || this.points.some((each, at) => !Object.is(each, had ? had[at] : null));
    }

    /** Put into the boxes what the comment says; what somebody has begun to enter stays. */
    show() {
      const { points } = this.said;
      if (points || this.filled) {
        this.boxes.forEach((box, at) => { box.value = points ? String(points[at]) : ""; });
      }
      this.filled = points !== null;
      this.report();
    }

    report() {
      const points = this.points;
      this.boxes.forEach((box, at) => box.setAttribute("aria-invalid", String(Number.isNaN(points[at]))));
      const wrong = points.findIndex(Number.isNaN);
      const left = points.filter((each) => each === null).length;
      const { misread } = this.said;
      if (wrong >= 0) {
        const label = this.boxes[wrong].labels[0].textContent;
        this.tell("wrong", { criterion: label, max: tidy(this.most[wrong]) });
      } else if (this.failed) this.tell("failed");
      else if (left && left < points.length) this.tell("left", { n: left });
      else if (misread) this.tell("misread", { line: misread, n: points.length });
      else if (left) this.tell("none");
      else if (this.score === null) this.tell("no_score", { sum: tidy(sum(points)) });
      else if (!same(this.score, sum(points))) this.tell("differs", { sum: tidy(sum(points)), score: tidy(this.score) });
      else this.tell("total", { sum: tidy(sum(points)), max: tidy(sum(this.most)) });
    }

    /** Somebody entered something: save it once all is there. `anyway`: the sum is the score. */
    changed(anyway = false) {
      if (!this.comment) return;
      if (this.saving) { this.again = true; return; }
      const points = this.points;
      const had = this.said.points;
      const empty = points.every((each) => each === null);
      const full = points.every((each) => each !== null && !Number.isNaN(each));
      const news = full ? !had || points.some((each, at) => each !== had[at]) : empty && had !== null;
      if (news || this.failed && (full || empty) || anyway && full) this.save(full ? points : null);
      else {
        this.report();
        if (empty || full) $(document).trigger("finished_saving"); // nothing to wait for
      }
    }

    /** The comment first, then the score: formgrader goes on as soon as the score is stored. */
    save(points) {
      const { rest } = this.said;
      const manual_comment = points ? line(points, rest) : rest;
      this.saving = true;
      this.filled = points !== null;
      this.sent = manual_comment;
      this.comment.set({ manual_comment });
      this.tell("saving");
      const attrs = { ...this.comment.attributes, manual_comment };
      const error = () => this.saved(null);
      const store = () => {
        const score = { ...this.grade.attributes, manual_score: points && sum(points) };
        Backbone.sync("update", this.grade, { attrs: score, success: (reply) => this.saved(reply), error });
      };
      Backbone.sync("update", this.comment, { attrs, success: store, error });
    }

    /** What is stored is told to formgrader last: it may be waiting to leave this page. */
    saved(reply) {
      this.failed = !reply;
      if (reply && this.again) {
        this.saving = this.again = false;
        this.grade.set(reply);
        this.changed();
        if (this.saving) return;
      }
      if (reply) {
        this.grade.set(reply);
        // The answer to a comment that was saved just before may have put that back.
        if (this.comment.get("manual_comment") !== this.sent) this.comment.set({ manual_comment: this.sent });
      }
      this.saving = this.again = false;
      this.report();
      if (!reply) return;
      this.comment.trigger("sync", this.comment);
      this.grade.trigger("sync", this.grade);
    }
  }

  const loaded = (models) => new Promise((done, failed) => {
    if (models.loaded) done();
    else { models.once("sync", done); models.once("error", failed); }
  });

  async function begin(all) {
    try {
      await Promise.all([loaded(formgrader.grades), loaded(formgrader.comments)]);
    } catch {
      for (const each of all) each.tell("unloaded");
      return;
    }
    for (const each of all) {
      const named = (model) => model.get("name") === each.fieldset.dataset.cell;
      const [grade, comment] = [formgrader.grades.find(named), formgrader.comments.find(named)];
      if (grade && comment) each.start(grade, comment);
      else each.tell("unloaded");
    }
  }

  // Formgrader's keys wait for MathJax, which comes from another host: without it they never came.
  window.MathJax ??= { Hub: { Startup: { signal: { Interest: (heard) => heard("End") } } } };
  const all = [];
  for (const fieldset of document.querySelectorAll(".dx-criteria")) {
    const comment = document.getElementById(`${fieldset.dataset.cell}-comment`);
    const footer = comment?.closest(".panel-footer");
    if (!footer) { fieldset.remove(); continue; }
    footer.before(fieldset);
    fieldset.hidden = false;
    all.push(new Boxes(fieldset));
  }
  $(window).on("load", () => begin(all));
  return { read, line };
})();

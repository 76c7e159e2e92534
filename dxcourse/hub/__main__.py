"""``python -m dxcourse.hub``: the server of one learner, as a hub's spawner starts it."""

from dxcourse.hub.single_user import main

main()

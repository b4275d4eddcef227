"""OpenStack Swift with its S3 interface, whole in one process.

`python tests/peers/s3_server.py FOLDER BUCKET` serves it and prints its port. What it is given
stays in memory; FOLDER holds its settings and indexes.

Not a module of the tests, which would be imported first: its sockets must be green ones from the beginning.
"""

import warnings

warnings.simplefilter("ignore")  # eventlet wishes that nobody began with it any more

import eventlet  # noqa: E402  # after the filter

eventlet.monkey_patch()

import sys  # noqa: E402  # patched
from pathlib import Path  # noqa: E402

from eventlet import wsgi  # noqa: E402
from swift.common import utils  # noqa: E402
from swift.common.ring.builder import RingBuilder  # noqa: E402
from swift.common.storage_policy import reload_storage_policies  # noqa: E402
from swift.common.swob import Request  # noqa: E402
from swift.common.wsgi import loadapp  # noqa: E402

HASHES = "[swift-hash]\nswift_hash_path_suffix = tests\n"
PART = """
[DEFAULT]
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
[pipeline:main]
pipeline = part
[app:part]
use = egg:swift#{part}
fallocate_reserve = 0
"""
FRONT = """
[DEFAULT]
swift_dir = {folder}
[pipeline:main]
pipeline = catch_errors gatekeeper s3api tempauth proxy-server
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:s3api]
use = egg:swift#s3api
[filter:tempauth]
use = egg:swift#tempauth
user_press_desk = the-secret-of-the-desk .admin
user_press_guest = the-secret-of-a-guest
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
"""


class Silence:
    def write(self, text: str) -> None: ...


def serve(folder: Path, bucket: str) -> None:
    (folder / "devices" / "one").mkdir(parents=True)
    (folder / "swift.conf").write_text(HASHES)
    utils.set_swift_dir(str(folder))
    utils.validate_configuration()
    reload_storage_policies()
    for kind, part in {"account": "account", "container": "container", "object": "mem_object"}.items():
        listening = eventlet.listen(("127.0.0.1", 0))
        ring = RingBuilder(1, 1, 0)
        place = {"ip": "127.0.0.1", "port": listening.getsockname()[1], "device": "one"}
        ring.add_dev({"id": 0, "region": 1, "zone": 1, "weight": 1.0, **place})
        ring.rebalance()
        ring.get_ring().save(str(folder / f"{kind}.ring.gz"))
        eventlet.spawn(wsgi.server, listening, application(folder, part, PART), Silence())
    front = application(folder, "proxy", FRONT)
    ours = {"REQUEST_METHOD": "PUT", "swift.authorize_override": True}
    assert Request.blank(f"/v1/AUTH_press/{bucket}", environ=ours).get_response(front).status_int == 201
    listening = eventlet.listen(("127.0.0.1", 0))
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    wsgi.server(listening, front, Silence())


def application(folder: Path, part: str, text: str) -> object:
    file = folder / f"{part}.conf"
    file.write_text(text.format(folder=folder, part=part))
    return loadapp(str(file))


if __name__ == "__main__":
    serve(Path(sys.argv[1]).resolve(), sys.argv[2])

"""Fills the data folder of the environment: `python -m tests.bench.posts COUNT PORT [approve]`.

One account on the network at PORT, so many posts that wait for review or, with `approve`, are approved at once by a
person and stand in the engine's queue. Says as one line of JSON the session of that person, and key and revision of
each post.
"""

import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "publisher.settings"
import django


def main() -> None:
    count, port, approve = int(sys.argv[1]), sys.argv[2], sys.argv[3:] == ["approve"]
    django.setup()
    from django.conf import settings
    from django.db import transaction
    from django.test import Client

    from publisher.newsroom import channels, database
    from publisher.newsroom.approval import review
    from publisher.types import Part
    from tests.factories import make_post, make_user

    database.prepare()
    chief = make_user("administrator")
    credentials = {"base_url": f"http://127.0.0.1:{port}", "account": "press", "token": "token"}
    channel = channels.add(chief, network="sandbox", credentials=credentials)
    type(channel).objects.update(four_eyes=False)
    channel.refresh_from_db()
    browser = Client()
    browser.force_login(chief)
    posts = []
    with transaction.atomic():
        for number in range(count):
            post = make_post(channel=channel, parts=(Part(text=f"Statement number {number}."),))
            assert post.revision_id is not None
            posts.append((post.pk, post.revision_id))
    with transaction.atomic():
        for key, revision in posts if approve else ():
            review.approve(key, chief, revision_id=revision)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    print(json.dumps({"session": session, "posts": posts}), flush=True)


if __name__ == "__main__":
    main()

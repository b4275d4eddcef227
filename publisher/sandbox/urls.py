"""The addresses of the sandbox network and of the sample newsroom's feeds. Included at the root of the site."""

from django.urls import path

from publisher.sandbox import api, sample, timeline

urlpatterns = [
    path("timeline/", timeline.accounts, name="sandbox-accounts"),
    path("timeline/<slug:handle>", timeline.timeline, name="sandbox-timeline"),
    path("timeline/<slug:handle>/<int:number>", timeline.post, name="sandbox-post"),
    path("sandbox/media/<int:number>", timeline.image, name="sandbox-image"),
    path("sandbox/api/me", api.me, name="sandbox-api-me"),
    path("sandbox/api/media", api.media, name="sandbox-api-media"),
    path("sandbox/api/posts", api.posts, name="sandbox-api-posts"),
    path("sandbox/api/posts/<int:number>", api.post, name="sandbox-api-post"),
    path("sample/<slug:name>.xml", sample.feed, name="sample-feed"),
    path("sample/images/<slug:name>.<str:ending>", sample.image, name="sample-image"),
]

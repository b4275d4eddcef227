"""A shortener as YOURLS answers (includes/functions-api.php and functions-shorturls.php of YOURLS 1.10)."""

from tests.peers.double import Double, Reply, Request

SIGNATURE = "1002a612b4"


class Yourls(Double):
    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, str] = {}
        self.down = False

    def answer(self, request: Request) -> Reply:
        asked = request.fields
        if self.down:
            return Reply(503, b"<html>Error establishing a database connection</html>")
        if asked.get("signature") != SIGNATURE:
            return Reply(403, {"message": "Please log in", "errorCode": "403", "callback": ""})
        assert (request.query, asked["action"], asked["format"]) == ({}, "shorturl", "json")
        url = asked["url"]
        if url in self.known:
            told = {"status": "fail", "code": "error:url", "shorturl": self.known[url], "statusCode": "400"}
            return Reply(400, told | {"message": f"{url} already exists in database"})
        self.known[url] = f"https://go.example.org/{len(self.known) + 1}"
        return Reply(200, {"status": "success", "shorturl": self.known[url], "statusCode": "200"})

"""A mail relay for tests: takes mails on a free port of 127.0.0.1 and writes each as one line of JSON.

Usage: smtp_sink.py FILE

Prints its port, then runs until it is killed. What it answers depends on the recipient's local part:
unknown: no such mailbox; denied: refuses to relay; greylist: not now; hang: nothing at all; anything else: taken.
A mail is read by Python's own parser, so that what arrives is judged by somebody else than who wrote it.
"""
import asyncio
import email
import email.policy
import json
import sys

from aiosmtpd.smtp import SMTP

REPLIES = {
    "unknown": "550 5.1.1 <unknown@example.com> User unknown",
    "denied": "550 5.7.1 <denied@example.com> Relaying denied",
    "greylist": "451 4.7.1 Greylisted, come back later",
}


def body(mail, kind):
    part = mail.get_body(preferencelist=(kind,))
    return part.get_content().replace("\r\n", "\n") if part else ""


def read(envelope):
    mail = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
    return {
        "from": envelope.mail_from,
        "to": envelope.rcpt_tos[0],
        "headers": {name: str(value) for name, value in mail.items()},
        "defects": [str(defect) for defect in mail.defects],
        "content_type": mail.get_content_type(),
        "text": body(mail, "plain"),
        "html": body(mail, "html"),
        "raw": envelope.original_content.decode("latin-1"),
    }


class Handler:
    def __init__(self, path):
        self.path = path

    async def handle_RCPT(self, server, session, envelope, address, options):
        local = address.split("@")[0]
        if local == "hang":
            await asyncio.sleep(3600)
        if local in REPLIES:
            return REPLIES[local]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(read(envelope)) + "\n")
        return "250 2.0.0 Taken"


async def main():
    handler = Handler(sys.argv[1])
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="sink.test", loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())

#include "server/distribution/testing/bounces.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace canvass::distribution::testing {
namespace {

std::string Filled(absl::string_view text, const BounceSample& sample) {
  return absl::StrReplaceAll(text, {{"{id}", sample.id},
                                    {"{to}", sample.recipient},
                                    {"{action}", sample.action},
                                    {"{status}", sample.status},
                                    {"{diagnostic}", sample.diagnostic},
                                    {"\n", "\r\n"}});
}

constexpr char kPostfix[] = R"(Return-Path: <>
Received: by mx.acme.example (Postfix)
	id 4XyZ1a2b3c; Mon, 04 May 2026 12:00:03 +0000 (UTC)
Date: Mon, 04 May 2026 12:00:03 +0000 (UTC)
From: MAILER-DAEMON@mx.acme.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: hello@acme.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4XyZ1a2b3c.1777896003/mx.acme.example"
Message-Id: <20260504120003.4XyZ1a2b3c@mx.acme.example>

This is a MIME-encapsulated message.

--4XyZ1a2b3c.1777896003/mx.acme.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.acme.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<{to}>: host mail.example.com[192.0.2.7] said: {diagnostic} (in reply to RCPT TO command)

--4XyZ1a2b3c.1777896003/mx.acme.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.acme.example
X-Postfix-Queue-ID: 4XyZ1a2b3c
X-Postfix-Sender: rfc822; hello@acme.example
Arrival-Date: Mon, 04 May 2026 12:00:01 +0000 (UTC)

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp;
    {diagnostic}

--4XyZ1a2b3c.1777896003/mx.acme.example
Content-Description: Undelivered Message
Content-Type: message/rfc822

Return-Path: <hello@acme.example>
Received: from canvass.internal (canvass.internal [192.0.2.1])
	by mx.acme.example (Postfix) with ESMTP id 4XyZ1a2b3c
	for <{to}>; Mon, 04 May 2026 12:00:01 +0000 (UTC)
Message-ID: <{id}@acme.example>
Date: Mon, 04 May 2026 12:00:00 +0000
From: Acme <hello@acme.example>
To: <{to}>
Subject: =?UTF-8?B?V2llIHdhciBlcz8=?=
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="inner"

--inner
Content-Type: text/plain; charset=utf-8

How likely are you to recommend us?
--inner
Content-Type: text/html; charset=utf-8

<p>How likely are you to recommend us?</p>
--inner--

--4XyZ1a2b3c.1777896003/mx.acme.example--
)";

constexpr char kExim[] = R"(Return-path: <>
Received: from Debian-exim by mx.acme.example with local (Exim 4.96)
	id 1sABCD-000abc-1Z
	for hello@acme.example; Mon, 04 May 2026 12:00:03 +0000
X-Failed-Recipients: {to}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.acme.example>
To: hello@acme.example
References: <{id}@acme.example>
Content-Type: multipart/report; report-type=delivery-status; boundary=1777896003-eximdsn-123456
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1sABCD-000abc-1Z@mx.acme.example>
Date: Mon, 04 May 2026 12:00:03 +0000

--1777896003-eximdsn-123456
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

  {to}
    host mail.example.com [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<{to}>:
    {diagnostic}

--1777896003-eximdsn-123456
Content-type: message/delivery-status

Reporting-MTA: dns; mx.acme.example

Action: {action}
Final-Recipient: rfc822;{to}
Status: 5.0.0
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; {diagnostic}

--1777896003-eximdsn-123456
Content-type: text/rfc822-headers

Return-path: <hello@acme.example>
Received: from [192.0.2.1] (helo=canvass.internal)
	by mx.acme.example with esmtp (Exim 4.96)
	for {to}; Mon, 04 May 2026 12:00:01 +0000
Message-ID:
	<{id}@acme.example>
From: Acme <hello@acme.example>
To: <{to}>
Subject: How was it?

--1777896003-eximdsn-123456--
)";

constexpr char kExchangeHead[] = R"(From: <postmaster@example.com>
To: <hello@acme.example>
Date: Mon, 4 May 2026 12:00:03 +0000
Content-Type: multipart/report; report-type=delivery-status;
	boundary="_000_DM6PR"
Message-ID: <0a1b2c3d-4e5f@mail.example.com>
In-Reply-To: <{id}@acme.example>
References: <{id}@acme.example>
Subject: Undeliverable: How was it?
Auto-Submitted: auto-replied
MIME-Version: 1.0

--_000_DM6PR
Content-Type: multipart/alternative; differences=Content-Type;
	boundary="_001_DM6PR"

--_001_DM6PR
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

Your message to {to} couldn't be delivered.=

--_001_DM6PR
Content-Type: text/html; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

<p>Your message couldn't be delivered.</p>

--_001_DM6PR--

--_000_DM6PR
Content-Type: message/delivery-status
Content-Transfer-Encoding: base64

)";

constexpr char kExchangeStatus[] = R"(Reporting-MTA: dns;DM6PR01.prod.example.com
Received-From-MTA: dns;mx.acme.example
Arrival-Date: Mon, 4 May 2026 12:00:02 +0000

Final-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp;{diagnostic}
X-Display-Name: {to}
)";

}  // namespace

std::string PostfixBounce(const BounceSample& sample) { return Filled(kPostfix, sample); }

std::string EximBounce(const BounceSample& sample) { return Filled(kExim, sample); }

std::string ExchangeBounce(const BounceSample& sample) {
  return absl::StrCat(Filled(kExchangeHead, sample), absl::Base64Escape(Filled(kExchangeStatus, sample)),
                      "\r\n\r\n--_000_DM6PR--\r\n");
}

}  // namespace canvass::distribution::testing

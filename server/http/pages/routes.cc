#include "server/http/pages/routes.h"

#include <httplib.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/log.h"
#include "server/http/pages/survey_page.h"
#include "server/http/pages/unsubscribe_page.h"

namespace canvass::http {
namespace {

// A page of the longest texts has less.
constexpr std::size_t kMaxFormBytes = 256 * 1024;
constexpr std::size_t kReferenceBytes = 8;
constexpr absl::Duration kRetryAfter = absl::Seconds(10);
// How long a kiosk says thanks.
constexpr int kThanksSeconds = 15;
constexpr char kHtml[] = "text/html; charset=utf-8";
constexpr char kFormType[] = "application/x-www-form-urlencoded";

// Tokens and visits have these characters alone. The bound keeps the match of what anybody may send short.
constexpr char kSurvey[] = R"(/s/([A-Za-z0-9_.=-]{1,600}))";
constexpr char kVisit[] = R"(/s/([A-Za-z0-9_.=-]{1,600})/([0-9a-f-]{36}))";
constexpr char kQrCode[] = R"(/s/([A-Za-z0-9_.=-]{1,600})/qr\.svg)";
constexpr char kOther[] = R"(/[su]/.{0,1000})";
constexpr char kUnsubscribe[] = R"(/u/([A-Za-z0-9_.=-]{1,600}))";

using Request = httplib::Request;
using Response = httplib::Response;

// Before it is known whose page it is.
PageFrame PlainFrame(const Request& request) {
  const std::vector<std::string> preferred = PreferredLanguages(request.get_header_value("Accept-Language"));
  Sentences sentences = Sentences::In(preferred.empty() ? "" : preferred[0]);
  return {.look = LookOf(v1::Brand(), ""), .sentences = sentences, .language = sentences.language()};
}

PageReply MessageReply(const Request& request, int status, absl::string_view name) {
  PageFrame frame = PlainFrame(request);
  return MessagePage(frame, {.status = status,
                             .heading = std::string(frame.sentences.Get(absl::StrCat(name, "_title"))),
                             .lines = {std::string(frame.sentences.Get(absl::StrCat(name, "_text")))}});
}

// One page for all that does not open anything: what exactly is wrong is nobody's business.
bool OpensNothing(const absl::Status& status) {
  return absl::IsNotFound(status) || ReasonOf(status) == v1::ERROR_REASON_INVITATION_TOKEN_INVALID;
}

bool IsPassing(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kAborted:
      return true;
    default:
      return false;
  }
}

PageReply ErrorReply(const PageParts& parts, const Request& request, const absl::Status& status) {
  if (OpensNothing(status)) return MessageReply(request, 404, "not_found");
  const std::string id = absl::BytesToHexString(parts.random.Bytes(kReferenceBytes));
  Log(LogLevel::kError, "a page could not be shown",
      {{"request_id", id},
       {"code", absl::StatusCodeToString(status.code())},
       {"reason", v1::ErrorReason_Name(ReasonOf(status))}});
  PageFrame frame = PlainFrame(request);
  const bool passing = IsPassing(status);
  PageReply reply = MessagePage(frame, {.status = passing ? 503 : 500,
                                        .heading = std::string(frame.sentences.Get("failed_title")),
                                        .lines = {std::string(frame.sentences.Get("failed_text"))},
                                        .reference = frame.sentences.Fill("reference", {{"id", id}})});
  if (passing) reply.retry_after = kRetryAfter;
  return reply;
}

void Send(const PageReply& reply, Response& response) {
  response.status = reply.status;
  response.set_header("Cache-Control", "no-store");
  response.set_header("Referrer-Policy", "no-referrer");
  response.set_header("X-Content-Type-Options", "nosniff");
  response.set_header("X-Robots-Tag", "noindex, nofollow");
  if (!reply.policy.empty()) response.set_header("Content-Security-Policy", reply.policy);
  if (!reply.location.empty()) response.set_header("Location", reply.location);
  if (!reply.next_location.empty()) {
    response.set_header("Refresh", absl::StrCat(kThanksSeconds, "; url=", reply.next_location));
  }
  if (reply.retry_after > absl::ZeroDuration()) {
    response.set_header("Retry-After", absl::StrCat(absl::ToInt64Seconds(reply.retry_after)));
  }
  response.set_content(reply.html, reply.content_type.empty() ? kHtml : reply.content_type);
}

void Answer(const PageParts& parts, const Request& request, Response& response,
            absl::FunctionRef<absl::StatusOr<PageReply>()> handler) {
  const absl::StatusOr<PageReply> reply = handler();
  Send(reply.ok() ? *reply : ErrorReply(parts, request, reply.status()), response);
}

// The body of a form. Read here, since the library refuses forms of more than 8 KiB. What is too large is read to its
// end all the same: left unread, it would be taken for the next request of the connection.
absl::StatusOr<Form> ReadForm(const Request& request, const httplib::ContentReader& reader) {
  std::string body;
  bool fits = true;
  const bool whole = !request.is_multipart_form_data() && reader([&](const char* data, std::size_t size) {
    fits = fits && body.size() + size <= kMaxFormBytes;
    if (fits) body.append(data, size);
    return true;
  });
  if (!whole || !fits || !absl::StartsWith(request.get_header_value("Content-Type"), kFormType)) {
    return FieldError(v1::ERROR_REASON_INVALID_FIELD, "body", "is too large, or not a form");
  }
  return Form::Parse(body);
}

SurveyRequest SurveyRequestOf(const Request& request) {
  SurveyRequest survey{.token = request.matches[1]};
  if (request.matches.size() > 2) survey.visit = request.matches[2];
  survey.accept_language = request.get_header_value("Accept-Language");
  const std::string& target = request.target;
  if (const std::size_t query = target.find('?'); query != std::string::npos) {
    // What is not UTF-8 preselects nothing.
    survey.query = Form::Parse(absl::string_view(target).substr(query + 1)).value_or(Form());
  }
  return survey;
}

void AddSurveyRoutes(httplib::Server& server, const PageParts& parts) {
  const auto show = [&parts](const Request& request, Response& response) {
    const Opening opening = request.method == "GET" ? Opening::kNoted : Opening::kNotNoted;
    Answer(parts, request, response, [&] { return ShowSurvey(parts, SurveyRequestOf(request), opening); });
  };
  const auto take = [&parts](const Request& request, Response& response, const httplib::ContentReader& reader) {
    const absl::StatusOr<Form> form = ReadForm(request, reader);
    if (!form.ok()) return Send(MessageReply(request, 413, "refused"), response);
    Answer(parts, request, response, [&] { return TakePage(parts, SurveyRequestOf(request), *form); });
  };
  for (const char* path : {kSurvey, kVisit}) {
    server.Get(path, show);
    server.Post(path, take);
  }
  server.Get(kQrCode, [&parts](const Request& request, Response& response) {
    Answer(parts, request, response, [&] { return ShowQrCode(parts, request.matches[1].str()); });
  });
}

void AddUnsubscribeRoutes(httplib::Server& server, const PageParts& parts) {
  server.Get(kUnsubscribe, [&parts](const Request& request, Response& response) {
    Answer(parts, request, response, [&] {
      return ShowUnsubscribe(parts, request.matches[1].str(), request.get_header_value("Accept-Language"));
    });
  });
  // Whatever the body is, the wish is clear: mail programs send `List-Unsubscribe=One-Click`, as a form of either kind.
  server.Post(kUnsubscribe, [&parts](const Request& request, Response& response) {
    Answer(parts, request, response,
           [&] { return Unsubscribe(parts, request.matches[1].str(), request.get_header_value("Accept-Language")); });
  });
}

// What opens nothing, under the same roofs, gets the same page.
void AddNotFound(httplib::Server& server) {
  server.Get(kOther, [](const Request& request, Response& response) {
    Send(MessageReply(request, 404, "not_found"), response);
  });
  server.Post(kOther, [](const Request& request, Response& response) {
    Send(MessageReply(request, 404, "not_found"), response);
  });
}

}  // namespace

void AddRoutes(httplib::Server& server, const PageParts& parts) {
  AddSurveyRoutes(server, parts);
  AddUnsubscribeRoutes(server, parts);
  AddNotFound(server);
}

}  // namespace canvass::http

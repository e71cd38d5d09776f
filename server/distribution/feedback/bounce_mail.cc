#include "server/distribution/feedback/bounce_mail.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"
#include "server/distribution/channels/smtp_client.h"

namespace canvass::distribution {
namespace {

using v1::DeliveryReport;

constexpr std::size_t kMaxCode = 20;
// A reply code that by itself says nothing about the mailbox: the status must.
constexpr int kFailed = 554;

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <typename T>
using Owned = std::unique_ptr<T, Unref>;

// Header fields by their names in lower case.
using Fields = std::map<std::string, std::string>;

std::string Get(const Fields& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

// Groups of header fields, an empty line between them. What is no field is passed over.
std::vector<Fields> ReadGroups(absl::string_view text) {
  std::vector<Fields> groups(1);
  std::string* last = nullptr;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    line = absl::StripSuffix(line, "\r");
    if (absl::StripAsciiWhitespace(line).empty()) {
      if (!groups.back().empty()) groups.emplace_back();
      last = nullptr;
    } else if (absl::ascii_isspace(static_cast<unsigned char>(line[0]))) {
      if (last != nullptr) absl::StrAppend(last, " ", absl::StripAsciiWhitespace(line));
    } else if (const std::size_t colon = line.find(':'); colon != absl::string_view::npos) {
      const std::string name = absl::AsciiStrToLower(absl::StripAsciiWhitespace(line.substr(0, colon)));
      last = &groups.back().try_emplace(name, absl::StripAsciiWhitespace(line.substr(colon + 1))).first->second;
    }
  }
  if (groups.back().empty()) groups.pop_back();
  return groups;
}

std::string ContentOf(GMimeObject* part) {
  if (!GMIME_IS_PART(part)) return "";
  GMimeDataWrapper* const content = g_mime_part_get_content(GMIME_PART(part));
  if (content == nullptr) return "";
  const Owned<GMimeStream> memory(g_mime_stream_mem_new());
  g_mime_data_wrapper_write_to_stream(content, memory.get());
  const GByteArray* const bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory.get()));
  return std::string(reinterpret_cast<const char*>(bytes->data), bytes->len);
}

std::string TypeOf(GMimeObject* part) {
  GMimeContentType* const type = g_mime_object_get_content_type(part);
  if (type == nullptr) return "";
  gchar* const text = g_mime_content_type_get_mime_type(type);
  std::string lower = absl::AsciiStrToLower(text);
  g_free(text);
  return lower;
}

// The parts of a report that matter.
struct Report {
  bool found = false;
  std::vector<Fields> status;
  // Of the mail that came back.
  std::string message_id;
};

void NotePart(GMimeObject*, GMimeObject* part, gpointer to) {
  auto& report = *static_cast<Report*>(to);
  const std::string type = TypeOf(part);
  if (type == "message/delivery-status" || type == "message/global-delivery-status") {
    if (!report.found) report.status = ReadGroups(ContentOf(part));
    report.found = true;
  } else if (GMIME_IS_MESSAGE_PART(part)) {
    GMimeMessage* const returned = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
    const char* const id = returned == nullptr ? nullptr : g_mime_message_get_message_id(returned);
    if (id != nullptr && report.message_id.empty()) report.message_id = id;
  } else if (type == "text/rfc822-headers" || type == "message/global-headers") {
    const std::vector<Fields> headers = ReadGroups(ContentOf(part));
    if (!headers.empty() && report.message_id.empty()) report.message_id = Get(headers[0], "message-id");
  }
}

Owned<GMimeMessage> ParseMail(absl::string_view raw) {
  static const bool initialized = (g_mime_init(), true);
  static_cast<void>(initialized);
  const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(raw.data(), raw.size()));
  const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  return Owned<GMimeMessage>(g_mime_parser_construct_message(parser.get(), nullptr));
}

// Our Message-IDs are those of outbox messages: `<id@domain>`.
std::optional<Uuid> IdIn(absl::string_view message_id) {
  const absl::string_view text = absl::StripPrefix(absl::StripAsciiWhitespace(message_id), "<");
  const absl::StatusOr<Uuid> id = Uuid::Parse(absl::AsciiStrToLower(text.substr(0, text.find('@'))));
  if (!id.ok()) return std::nullopt;
  return *id;
}

// The first word; behind it, people comment.
std::string Word(absl::string_view value) {
  return absl::AsciiStrToLower(value.substr(0, std::min(value.size(), value.find_first_of(" \t(;"))));
}

// The address in `rfc822; <ada@example.com>`.
std::string AddressIn(absl::string_view value) {
  const std::size_t semicolon = value.find(';');
  if (semicolon != absl::string_view::npos) value.remove_prefix(semicolon + 1);
  value = absl::StripAsciiWhitespace(value);
  return std::string(absl::StripSuffix(absl::StripPrefix(value, "<"), ">"));
}

std::string Diagnostic(const Fields& recipient) {
  const std::string text = Get(recipient, "diagnostic-code");
  return IsUtf8(text) ? std::string(absl::StripAsciiWhitespace(
                            absl::string_view(text).substr(absl::StartsWithIgnoreCase(text, "smtp;") ? 5 : 0)))
                      : "";
}

// By the status where it says more than "failed" (Exim writes 5.0.0 whatever happened), else by the server's own words.
bool IsGone(absl::string_view status, absl::string_view diagnostic) {
  if (!status.empty() && !absl::EndsWith(status, ".0.0")) return SaysNoSuchMailbox(kFailed, status);
  int code = 0;
  const bool known = absl::SimpleAtoi(diagnostic.substr(0, 3), &code);
  return known && SaysNoSuchMailbox(code, diagnostic);
}

DeliveryReport::Verdict VerdictOf(absl::string_view action) {
  if (action == "failed") return DeliveryReport::VERDICT_BOUNCED;
  if (action == "delayed") return DeliveryReport::VERDICT_DELAYED;
  return action == "delivered" ? DeliveryReport::VERDICT_DELIVERED : DeliveryReport::VERDICT_UNSPECIFIED;
}

// Null if no group names an action: the first group is about the mail as a whole.
const Fields* RecipientOf(const std::vector<Fields>& groups) {
  const Fields* first = nullptr;
  for (const Fields& group : groups) {
    const std::string action = Word(Get(group, "action"));
    if (action == "failed") return &group;
    if (first == nullptr && !action.empty()) first = &group;
  }
  return first;
}

absl::StatusOr<Feedback> FeedbackOf(const Fields& recipient) {
  const std::string action = Word(Get(recipient, "action"));
  const std::string status = Word(Get(recipient, "status"));
  const std::string diagnostic = Diagnostic(recipient);
  Feedback feedback{.channel = v1::Invitation::CHANNEL_EMAIL};
  feedback.report.set_verdict(VerdictOf(action));
  if (feedback.report.verdict() == DeliveryReport::VERDICT_UNSPECIFIED) {
    return absl::InvalidArgumentError("the report's action is none of failed, delayed and delivered");
  }
  if (IsUtf8(status)) feedback.report.set_code(std::string(Shorten(status, kMaxCode)));
  feedback.report.set_detail(WithoutAddresses(diagnostic));
  if (feedback.report.verdict() != DeliveryReport::VERDICT_BOUNCED) return feedback;
  if (IsGone(status, diagnostic)) feedback.suppress = v1::Suppression::REASON_BOUNCED;
  for (const char* field : {"original-recipient", "final-recipient"}) {
    feedback.addresses.push_back(AddressIn(Get(recipient, field)));
  }
  return feedback;
}

}  // namespace

absl::StatusOr<BounceMail> ReadBounceMail(absl::string_view raw) {
  const Owned<GMimeMessage> mail = ParseMail(raw);
  if (mail == nullptr) return absl::InvalidArgumentError("the body is not a mail");
  Report report;
  g_mime_message_foreach(mail.get(), &NotePart, &report);
  if (!report.found) {
    return absl::InvalidArgumentError("the mail is not a delivery status notification: no message/delivery-status");
  }
  const Fields* const recipient = RecipientOf(report.status);
  if (recipient == nullptr) return absl::InvalidArgumentError("the report names no recipient with an action");
  CANVASS_ASSIGN_OR_RETURN(Feedback feedback, FeedbackOf(*recipient));
  const char* const replied = g_mime_object_get_header(GMIME_OBJECT(mail.get()), "In-Reply-To");
  if (report.message_id.empty() && replied != nullptr) report.message_id = replied;
  const std::optional<Uuid> message = IdIn(report.message_id);
  if (!message.has_value()) return absl::InvalidArgumentError("the mail that came back is none of ours");
  return BounceMail{.message = *message, .feedback = std::move(feedback)};
}

}  // namespace canvass::distribution

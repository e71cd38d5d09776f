#include "server/distribution/channels/smtp_client.h"

#include <algorithm>
#include <cstring>
#include <regex>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "server/base/text/characters.h"

namespace canvass::distribution {
namespace {

constexpr std::size_t kMaxReply = 2000;
constexpr std::size_t kMaxDetail = 300;

struct Upload {
  absl::string_view rest;
};

std::size_t Read(char* to, std::size_t size, std::size_t count, void* upload) {
  absl::string_view& rest = static_cast<Upload*>(upload)->rest;
  const std::size_t taken = std::min(size * count, rest.size());
  std::memcpy(to, rest.data(), taken);
  rest.remove_prefix(taken);
  return taken;
}

// The relay's last reply: one line or several, the last of which has a blank behind the code.
struct Reply {
  std::string text;
  bool complete = true;
};

std::size_t NoteReply(char* line, std::size_t size, std::size_t count, void* reply) {
  auto& last = *static_cast<Reply*>(reply);
  const absl::string_view text = absl::StripAsciiWhitespace(absl::string_view(line, size * count));
  // The answer to our own goodbye says nothing about the mail.
  if (absl::StartsWith(text, "221")) return size * count;
  if (last.complete) last.text.clear();
  if (last.text.size() < kMaxReply) absl::StrAppend(&last.text, last.text.empty() ? "" : " ", text);
  last.complete = text.size() < 4 || text[3] != '-';
  return size * count;
}

SendResult OfFailure(CURLcode result, const Transfer& transfer, const Reply& reply) {
  const int code = transfer.Code();
  const std::string error = transfer.ErrorText(result);
  if (result == CURLE_ABORTED_BY_CALLBACK) return {.outcome = SendResult::Outcome::kInterrupted};
  if (code < 400) return {.outcome = SendResult::Outcome::kRetry, .detail = error};
  SendResult failed{.outcome = code >= 500 ? SendResult::Outcome::kRefused : SendResult::Outcome::kRetry, .code = code};
  failed.detail = WithoutAddresses(reply.text.empty() ? absl::string_view(error) : reply.text);
  failed.bounced = absl::StartsWith(error, "RCPT failed") && SaysNoSuchMailbox(code, reply.text);
  return failed;
}

}  // namespace

absl::Status CheckSmtpOptions(const SmtpOptions& options) {
  const bool known = absl::StartsWith(options.url, "smtp://") || absl::StartsWith(options.url, "smtps://");
  if (known && !HostAndPort(options.url).empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("'", options.url, "' is not an address of a mail relay; use smtp://host:port or smtps://host:port"));
}

bool SaysNoSuchMailbox(int code, absl::string_view reply) {
  static const auto& enhanced = *new std::regex("\\b5\\.([0-9]{1,3})\\.([0-9]{1,3})\\b");
  // Bad mailbox, bad system, bad syntax, moved, null MX; and a mailbox that is disabled.
  static constexpr absl::string_view kGone[] = {"1.1", "1.2", "1.3", "1.6", "1.10", "2.1"};
  if (code < 500) return false;
  const std::string text = absl::AsciiStrToLower(reply);
  std::smatch match;
  if (std::regex_search(text, match, enhanced)) {
    const std::string status = absl::StrCat(match[1].str(), ".", match[2].str());
    return std::find(std::begin(kGone), std::end(kGone), status) != std::end(kGone);
  }
  if (code != 550 && code != 551 && code != 553) return false;
  // The same codes say that the relay does not want us. Taking that for a bounce would silence every customer.
  static constexpr absl::string_view kOurs[] = {"relay", "denied", "block",  "spam", "policy", "reject",
                                                "auth",  "sender", "permit", "list", "quota",  "full"};
  return std::none_of(std::begin(kOurs), std::end(kOurs),
                      [&](absl::string_view word) { return absl::StrContains(text, word); });
}

std::string WithoutAddresses(absl::string_view reply) {
  std::vector<std::string> words = absl::StrSplit(reply, ' ', absl::SkipEmpty());
  for (std::string& word : words) {
    if (absl::StrContains(word, '@')) word = "…";
  }
  return std::string(Shorten(absl::StrJoin(words, " "), kMaxDetail));
}

SmtpClient::SmtpClient(SmtpOptions options) : options_(std::move(options)) {}
SmtpClient::~SmtpClient() = default;

SendResult SmtpClient::Send(const Mail& mail) {
  std::unique_ptr<Transfer> transfer = Take();
  Upload upload{.rest = mail.data};
  Reply reply;
  const std::string from = absl::StrCat("<", mail.from, ">");
  const std::string to = absl::StrCat("<", mail.to, ">");
  curl_slist* recipients = curl_slist_append(nullptr, to.c_str());
  const std::unique_ptr<curl_slist, void (*)(curl_slist*)> owned(recipients, curl_slist_free_all);
  transfer->Bound(options_.limits);
  transfer->Set(CURLOPT_URL, options_.url.c_str());
  transfer->Set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  transfer->Set(CURLOPT_USE_SSL, static_cast<long>(IsLoopback(options_.url) ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  if (!options_.ca_file.empty()) transfer->Set(CURLOPT_CAINFO, options_.ca_file.c_str());
  if (!options_.user.empty()) {
    transfer->Set(CURLOPT_USERNAME, options_.user.c_str());
    transfer->Set(CURLOPT_PASSWORD, options_.password.c_str());
  }
  transfer->Set(CURLOPT_MAIL_FROM, from.c_str());
  transfer->Set(CURLOPT_MAIL_RCPT, recipients);
  transfer->Set(CURLOPT_UPLOAD, 1L);
  transfer->Set(CURLOPT_READFUNCTION, &Read);
  transfer->Set(CURLOPT_READDATA, &upload);
  transfer->Set(CURLOPT_HEADERFUNCTION, &NoteReply);
  transfer->Set(CURLOPT_HEADERDATA, &reply);
  const CURLcode result = transfer->Perform();
  if (result != CURLE_OK) return OfFailure(result, *transfer, reply);
  SendResult sent{.code = transfer->Code(), .detail = WithoutAddresses(reply.text)};
  PutBack(std::move(transfer));
  return sent;
}

std::unique_ptr<Transfer> SmtpClient::Take() {
  absl::MutexLock lock(&mutex_);
  if (idle_.empty()) return std::make_unique<Transfer>();
  std::unique_ptr<Transfer> transfer = std::move(idle_.back());
  idle_.pop_back();
  return transfer;
}

// After a failure the connection is dropped with its Transfer: nobody knows what state it is in.
void SmtpClient::PutBack(std::unique_ptr<Transfer> transfer) {
  transfer->Reset();
  absl::MutexLock lock(&mutex_);
  idle_.push_back(std::move(transfer));
}

}  // namespace canvass::distribution

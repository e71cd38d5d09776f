#include "server/distribution/channels/http_client.h"

#include <sys/socket.h>

#include <atomic>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace canvass::distribution {
namespace {

constexpr std::size_t kMaxAnswer = 64 * 1024;

using HeaderList = std::unique_ptr<curl_slist, void (*)(curl_slist*)>;

HeaderList Headers(const std::vector<std::string>& headers) {
  curl_slist* list = nullptr;
  for (const std::string& header : headers) list = curl_slist_append(list, header.c_str());
  return HeaderList(list, curl_slist_free_all);
}

// Drops what comes and ends the transfer when it is too much.
std::size_t Drop(char*, std::size_t size, std::size_t count, void* seen) {
  auto& bytes = *static_cast<std::size_t*>(seen);
  bytes += size * count;
  return bytes <= kMaxAnswer ? size * count : 0;
}

struct Guarded {
  const AddressGuard* guard;
  bool any_allowed = false;
  bool any_refused = false;
};

// libcurl resolves the name once, and calls this for each address that it wants to connect to.
curl_socket_t OpenSocket(void* context, curlsocktype, curl_sockaddr* address) {
  auto& guarded = *static_cast<Guarded*>(context);
  if (!guarded.guard->Allows(address->addr)) {
    guarded.any_refused = true;
    return CURL_SOCKET_BAD;
  }
  guarded.any_allowed = true;
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool MayPass(int code) { return code == 408 || code == 425 || code == 429 || code >= 500; }

SendResult OfStatus(int code, absl::Duration retry_after) {
  SendResult result{.code = code, .detail = absl::StrCat("HTTP ", code)};
  if (code / 100 == 2) return result;
  result.outcome = MayPass(code) ? SendResult::Outcome::kRetry : SendResult::Outcome::kRefused;
  result.retry_after = retry_after;
  if (code / 100 == 3) result.detail += ": redirects are not followed; name the final address";
  return result;
}

}  // namespace

SendResult HttpClient::Post(const HttpCall& call) const {
  const bool is_http = options_.allow_http && absl::StartsWithIgnoreCase(call.url, "http://");
  if (!is_http && !absl::StartsWithIgnoreCase(call.url, "https://")) return Refused("only https:// is called");
  Transfer transfer;
  Guarded guarded{.guard = &options_.guard};
  std::size_t seen = 0;
  const HeaderList headers = Headers(call.headers);
  transfer.Bound(options_.limits);
  transfer.Set(CURLOPT_URL, call.url.c_str());
  transfer.Set(CURLOPT_PROTOCOLS_STR, options_.allow_http ? "http,https" : "https");
  transfer.Set(CURLOPT_FOLLOWLOCATION, 0L);
  transfer.Set(CURLOPT_FORBID_REUSE, 1L);
  transfer.Set(CURLOPT_OPENSOCKETFUNCTION, &OpenSocket);
  transfer.Set(CURLOPT_OPENSOCKETDATA, &guarded);
  transfer.Set(CURLOPT_HTTPHEADER, headers.get());
  transfer.Set(CURLOPT_USERAGENT, "Canvass");
  transfer.Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
  transfer.Set(CURLOPT_POSTFIELDS, call.body.c_str());
  transfer.Set(CURLOPT_WRITEFUNCTION, &Drop);
  transfer.Set(CURLOPT_WRITEDATA, &seen);
  if (!options_.ca_file.empty()) transfer.Set(CURLOPT_CAINFO, options_.ca_file.c_str());
  if (!call.user.empty()) {
    transfer.Set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    transfer.Set(CURLOPT_USERNAME, call.user.c_str());
    transfer.Set(CURLOPT_PASSWORD, call.password.c_str());
  }
  const CURLcode result = transfer.Perform();
  // Once there is a status, the receiver has decided, even if its body is too long or never ends.
  if (transfer.Code() >= 200) return OfStatus(transfer.Code(), transfer.RetryAfter());
  const std::atomic<bool>* const cancelled = options_.limits.cancelled;
  if (cancelled != nullptr && *cancelled) return {.outcome = SendResult::Outcome::kInterrupted};
  if (guarded.any_refused && !guarded.any_allowed) {
    return Refused("the address is not public, and the operator does not allow it");
  }
  if (result == CURLE_URL_MALFORMAT) return Refused("the address cannot be read");
  return {.outcome = SendResult::Outcome::kRetry, .detail = transfer.ErrorText(result)};
}

}  // namespace canvass::distribution

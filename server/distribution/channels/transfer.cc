#include "server/distribution/channels/transfer.h"

#include <cstdlib>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/text/characters.h"

namespace canvass::distribution {
namespace {

constexpr std::size_t kMaxErrorText = 300;

// Once for the process, before any thread uses the library.
void StartLibrary() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(started);
}

// libcurl asks about once a second, and whenever something happens.
int IsCancelled(void* cancelled, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(cancelled)->load() ? 1 : 0;
}

class Url {
 public:
  Url() : handle_(curl_url(), curl_url_cleanup) {}

  bool Parse(absl::string_view text) {
    return curl_url_set(handle_.get(), CURLUPART_URL, std::string(text).c_str(), 0) == CURLUE_OK;
  }
  // Empty if it is not there.
  std::string Part(CURLUPart part, unsigned flags) const {
    char* text = nullptr;
    if (curl_url_get(handle_.get(), part, &text, flags) != CURLUE_OK) return "";
    const std::unique_ptr<char, void (*)(void*)> owned(text, curl_free);
    return absl::AsciiStrToLower(text);
  }

 private:
  std::unique_ptr<CURLU, void (*)(CURLU*)> handle_;
};

}  // namespace

Transfer::Transfer() {
  StartLibrary();
  handle_ = curl_easy_init();
  if (handle_ == nullptr) std::abort();  // out of memory
}

Transfer::~Transfer() { curl_easy_cleanup(handle_); }

void Transfer::Reset() {
  curl_easy_reset(handle_);
  failed_ = CURLE_OK;
}

void Transfer::Bound(const TransferLimits& limits) {
  Set(CURLOPT_NOSIGNAL, 1L);
  Set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(absl::ToInt64Milliseconds(limits.connect)));
  Set(CURLOPT_TIMEOUT_MS, static_cast<long>(absl::ToInt64Milliseconds(limits.total)));
  // Of a server that the environment names we want nothing.
  Set(CURLOPT_PROXY, "");
  Set(CURLOPT_NOPROXY, "*");
  if (limits.cancelled == nullptr) return;
  Set(CURLOPT_XFERINFOFUNCTION, &IsCancelled);
  Set(CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(limits.cancelled));
  Set(CURLOPT_NOPROGRESS, 0L);
}

CURLcode Transfer::Perform() {
  error_[0] = '\0';
  Set(CURLOPT_ERRORBUFFER, error_.data());
  return failed_ == CURLE_OK ? curl_easy_perform(handle_) : failed_;
}

int Transfer::Code() const {
  long code = 0;
  curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &code);
  return static_cast<int>(code);
}

absl::Duration Transfer::RetryAfter() const {
  curl_off_t seconds = 0;
  curl_easy_getinfo(handle_, CURLINFO_RETRY_AFTER, &seconds);
  return absl::Seconds(seconds);
}

std::string Transfer::ErrorText(CURLcode result) const {
  const absl::string_view text = error_[0] != '\0' ? error_.data() : curl_easy_strerror(result);
  return std::string(Shorten(text, kMaxErrorText));
}

std::string HostAndPort(absl::string_view url) {
  Url parsed;
  if (!parsed.Parse(url)) return "";
  const std::string host = parsed.Part(CURLUPART_HOST, 0);
  if (host.empty()) return "";
  return absl::StrCat(host, ":", parsed.Part(CURLUPART_PORT, CURLU_DEFAULT_PORT));
}

bool IsLoopback(absl::string_view url) {
  Url parsed;
  if (!parsed.Parse(url)) return false;
  const std::string host = parsed.Part(CURLUPART_HOST, 0);
  return host == "localhost" || host == "[::1]" || absl::StartsWith(host, "127.");
}

}  // namespace canvass::distribution

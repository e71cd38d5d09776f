// One transfer by libcurl, within bounds: it takes no longer than its limits, can be cut off, raises no signal, and
// says what happened in words without addresses of people. What HttpClient and SmtpClient share.
//
//   Transfer transfer;
//   transfer.Set(CURLOPT_URL, url.c_str());
//   transfer.Bound(limits);
//   const CURLcode result = transfer.Perform();
//
// Belongs to one thread at a time. What is set as a pointer must outlive Perform().
#ifndef CANVASS_SERVER_DISTRIBUTION_CHANNELS_TRANSFER_H_
#define CANVASS_SERVER_DISTRIBUTION_CHANNELS_TRANSFER_H_

#include <curl/curl.h>

#include <array>
#include <atomic>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace canvass::distribution {

struct TransferLimits {
  absl::Duration connect = absl::Seconds(5);
  // With connecting and all else.
  absl::Duration total = absl::Seconds(20);
  // Once true, transfers end within a second. May be null; must outlive them.
  const std::atomic<bool>* cancelled = nullptr;
};

class Transfer {
 public:
  Transfer();
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Options that do not fit the version of libcurl are reported by Perform().
  template <typename Value>
  void Set(CURLoption option, Value value) {
    const CURLcode set = curl_easy_setopt(handle_, option, value);
    if (failed_ == CURLE_OK) failed_ = set;
  }
  void Bound(const TransferLimits& limits);

  CURLcode Perform();
  // Forgets all options, but not connections that stay open.
  void Reset();

  // The reply code of the server, 0 if there was none.
  int Code() const;
  // How many seconds the server asked to wait; zero if it did not.
  absl::Duration RetryAfter() const;
  // What went wrong, at most 300 bytes.
  std::string ErrorText(CURLcode result) const;

 private:
  CURL* handle_;
  CURLcode failed_ = CURLE_OK;
  std::array<char, CURL_ERROR_SIZE> error_{};
};

// The host of `url` in lower case, and its port: what limits by destination go by. Empty if it is no URL.
std::string HostAndPort(absl::string_view url);
// Whether `url` leads to this machine by its very name.
bool IsLoopback(absl::string_view url);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_CHANNELS_TRANSFER_H_

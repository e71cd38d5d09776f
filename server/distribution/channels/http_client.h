// Calls of servers that a tenant names: only to addresses that the guard allows, without redirects, proxies or cookies,
// within bounds. What the server answers is read up to 64 KiB, so that it can finish, and dropped; its status counts.
//
//   const HttpReply reply = client.Post({.url = url, .headers = {"content-type: application/json"}, .body = body});
//
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_DISTRIBUTION_CHANNELS_HTTP_CLIENT_H_
#define CANVASS_SERVER_DISTRIBUTION_CHANNELS_HTTP_CLIENT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "server/distribution/channels/address_guard.h"
#include "server/distribution/channels/channel.h"
#include "server/distribution/channels/transfer.h"

namespace canvass::distribution {

struct HttpOptions {
  // Also `http://`, in the clear.
  bool allow_http = false;
  AddressGuard guard = {};
  // Certificates to trust instead of the system's, a file; empty: the system's.
  std::string ca_file = {};
  TransferLimits limits = {};
};

struct HttpCall {
  std::string url;
  std::vector<std::string> headers = {};
  std::string body = {};
  // Of the basic authentication; none if empty.
  std::string user = {};
  std::string password = {};
};

class HttpClient {
 public:
  explicit HttpClient(HttpOptions options) : options_(std::move(options)) {}

  // Sent: 2xx. Retry: 408, 425, 429, 5xx and no reply, with Retry-After. Refused: all else, redirects too, and
  // addresses that the guard does not allow.
  SendResult Post(const HttpCall& call) const;

 private:
  const HttpOptions options_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_CHANNELS_HTTP_CLIENT_H_

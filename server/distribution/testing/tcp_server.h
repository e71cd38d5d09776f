// A server for tests that misbehaves on the wire as told: it hangs, never ends, answers garbage.
//
//   TcpServer server([](const std::string& request) { return TcpServer::Answer{.bytes = "HTTP/1.1 200 OK\r\n…"}; });
//   … call 127.0.0.1 at server.port() …
//
// The function is called on the connection's own thread with a whole HTTP request, its body too. Thread-safe.
#ifndef CANVASS_SERVER_DISTRIBUTION_TESTING_TCP_SERVER_H_
#define CANVASS_SERVER_DISTRIBUTION_TESTING_TCP_SERVER_H_

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace canvass::distribution::testing {

class TcpServer {
 public:
  // What follows the bytes: the connection is closed, or nothing at all, or more and more.
  enum class Then { kClose, kSilence, kEndless };
  struct Answer {
    std::string bytes;
    Then then = Then::kClose;
  };

  explicit TcpServer(std::function<Answer(const std::string& request)> answer);
  ~TcpServer();
  TcpServer(const TcpServer&) = delete;
  TcpServer& operator=(const TcpServer&) = delete;

  int port() const { return port_; }
  std::string url(absl::string_view path = "/") const;
  // What has been asked so far.
  std::vector<std::string> requests() const;

 private:
  void Listen();
  void Serve(int connection);

  const std::function<Answer(const std::string&)> answer_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  mutable absl::Mutex mutex_;
  std::vector<std::string> requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mutex_);
  std::thread accepter_;
};

// An HTTP answer of that status, with a body.
std::string HttpAnswer(int status, absl::string_view headers = "", absl::string_view body = "");

}  // namespace canvass::distribution::testing

#endif  // CANVASS_SERVER_DISTRIBUTION_TESTING_TCP_SERVER_H_

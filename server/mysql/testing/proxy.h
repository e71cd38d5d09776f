// A proxy on a unix socket that carries bytes to a server and back, by way of a function that can hold them up, change
// them, or end the connection: what tests make their broken networks of.
//
//   Proxy proxy("127.0.0.1:7443", [] {                      // called for each connection
//     return [seen = 0](Proxy::Wire& wire, Proxy::Way way, absl::string_view bytes) mutable {
//       seen += bytes.size();
//       return seen < 5000 && wire.Send(way, bytes);         // false: both sides see the connection end
//     };
//   });
//   Connect("unix:" + proxy.socket());
//
// Thread-safe. Each connection has a thread of its own, on which its function is called.
#ifndef CANVASS_SERVER_MYSQL_TESTING_PROXY_H_
#define CANVASS_SERVER_MYSQL_TESTING_PROXY_H_

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::mysql::testing {

class Proxy {
 public:
  enum class Way { kToServer, kToClient };

  // One connection, seen from the middle.
  class Wire {
   public:
    Wire(int client, int server) : client_(client), server_(server) {}
    // False if that side is gone, or takes nothing for ten seconds.
    bool Send(Way way, absl::string_view bytes);
    // The client sees the end of the connection, the server does not.
    void HangUpOnClient();
    // Waits until the server has said something, or has gone.
    void AwaitServer(absl::Duration patience);

   private:
    const int client_;
    const int server_;
  };

  // Gets the bytes as they come; false ends the connection on both sides.
  using Carrier = std::function<bool(Wire& wire, Way way, absl::string_view bytes)>;

  // `server` is the path of a unix socket, or a port of this machine as 127.0.0.1:port. A proxy that cannot listen ends
  // the process with a message.
  Proxy(std::string server, std::function<Carrier()> make_carrier);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  std::string socket() const { return directory_.path() + "/socket"; }
  // While closed, new connections end at once.
  void SetClosed(bool closed) { closed_ = closed; }

 private:
  void Accept();
  void Serve(int client, const Carrier& carrier);

  const TemporaryDirectory directory_;
  const std::string server_;
  const std::function<Carrier()> make_carrier_;
  int listener_ = -1;
  std::atomic<bool> closed_ = false;
  std::atomic<bool> ending_ = false;
  std::thread acceptor_;
  absl::Mutex mutex_;
  std::vector<std::thread> connections_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace canvass::mysql::testing

#endif  // CANVASS_SERVER_MYSQL_TESTING_PROXY_H_

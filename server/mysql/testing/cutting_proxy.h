// A proxy between a database and its client that cuts connections at the one moment that matters: COMMIT.
//
//   CuttingProxy proxy(database_socket);
//   options.socket = proxy.socket();
//   proxy.CutNextCommit(CuttingProxy::Cut::kAnswer);   // done, but the client never hears of it
//
// Thread-safe. Speaks to unix sockets alone.
#ifndef CANVASS_SERVER_MYSQL_TESTING_CUTTING_PROXY_H_
#define CANVASS_SERVER_MYSQL_TESTING_CUTTING_PROXY_H_

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::mysql::testing {

class CuttingProxy {
 public:
  enum class Cut {
    kNothing,
    kRequest,  // before the database hears of it
    kAnswer,   // after the database has done it
    kLate,     // at once for the client; the database hears of it half a second later
  };

  explicit CuttingProxy(const std::string& database_socket);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  std::string socket() const { return directory_.path() + "/socket"; }
  // The first COMMIT from now on is cut.
  void CutNextCommit(Cut cut) { cut_ = cut; }
  // While closed, new connections end at once.
  void SetClosed(bool closed) { closed_ = closed; }
  // How many COMMITs were cut.
  int cuts() const { return cuts_; }

 private:
  void Accept();
  void Serve(int client);
  // False once the connection is to be ended.
  bool ForwardRequest(int client, int database);

  const TemporaryDirectory directory_;
  const std::string database_socket_;
  int listener_ = -1;
  std::atomic<Cut> cut_ = Cut::kNothing;
  std::atomic<bool> closed_ = false;
  std::atomic<int> cuts_ = 0;
  std::atomic<bool> ending_ = false;
  std::thread acceptor_;
  absl::Mutex mutex_;
  std::vector<std::thread> connections_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace canvass::mysql::testing

#endif  // CANVASS_SERVER_MYSQL_TESTING_CUTTING_PROXY_H_

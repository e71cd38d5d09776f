// A wire between a client and a database that a test can cut in the middle of a COMMIT, where the client cannot know
// what became of its transaction.
//
//   CuttingProxy proxy(db.connect_options().socket);
//   options.socket = proxy.socket();
//   proxy.CutAtCommit(CuttingProxy::Cut::kAfterTheServerDidIt);
//
// Thread-safe.
#ifndef CANVASS_SERVER_MYSQL_TESTING_CUTTING_PROXY_H_
#define CANVASS_SERVER_MYSQL_TESTING_CUTTING_PROXY_H_

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::mysql::testing {

class CuttingProxy {
 public:
  enum class Cut { kNever, kBeforeTheServerHears, kAfterTheServerDidIt };

  // Listens on a socket of its own and passes everything on to `target`.
  explicit CuttingProxy(std::string target);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  const std::string& socket() const { return socket_; }
  // Cuts the connection of the next COMMIT, then passes on as before.
  void CutAtCommit(Cut cut) { cut_ = cut; }
  int cuts() const { return cuts_; }

 private:
  void Listen();
  void Serve(int client);
  bool Forward(int from, int to, absl::string_view bytes);

  const std::string target_;
  TemporaryDirectory directory_;
  std::string socket_;
  int listener_ = -1;
  std::atomic<Cut> cut_ = Cut::kNever;
  std::atomic<int> cuts_ = 0;
  std::atomic<bool> stopping_ = false;
  absl::Mutex mutex_;
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mutex_);
  std::thread accepter_;
};

}  // namespace canvass::mysql::testing

#endif  // CANVASS_SERVER_MYSQL_TESTING_CUTTING_PROXY_H_

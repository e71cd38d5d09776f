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

#include "absl/strings/string_view.h"
#include "server/mysql/testing/proxy.h"

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

  std::string socket() const { return proxy_.socket(); }
  // The first COMMIT from now on is cut.
  void CutNextCommit(Cut cut) { cut_ = cut; }
  // While closed, new connections end at once.
  void SetClosed(bool closed) { proxy_.SetClosed(closed); }
  // How many COMMITs were cut.
  int cuts() const { return cuts_; }

 private:
  // False once the connection is to be ended.
  bool CarryRequest(Proxy::Wire& wire, absl::string_view packet);

  std::atomic<Cut> cut_ = Cut::kNothing;
  std::atomic<int> cuts_ = 0;
  Proxy proxy_;
};

}  // namespace canvass::mysql::testing

#endif  // CANVASS_SERVER_MYSQL_TESTING_CUTTING_PROXY_H_

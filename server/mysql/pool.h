// A bounded set of database sessions that are opened when they are needed, checked before they are lent out after a
// pause, and thrown away when they are broken or old.
//
//   CANVASS_ASSIGN_OR_RETURN(Pool::Borrowed connection, pool.Borrow(absl::Seconds(1)));
//   connection->Query(…);                       // goes back when `connection` goes out of scope
//
// One broken session makes all suspect that were idle at that time: they are replaced, not asked, because to ask a
// server that hangs without hanging up takes as long as a statement may. So such a server costs one caller that long; a
// new session to it fails within ConnectOptions::connect_timeout.
//
// While the database is down, one caller at a time tries to reach it, with pauses that grow to a second; all others get
// Unavailable at once. The first that reaches it again ends that.
//
// Thread-safe. A Pool outlives what it lent.
#ifndef CANVASS_SERVER_MYSQL_POOL_H_
#define CANVASS_SERVER_MYSQL_POOL_H_

#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/mysql/connection.h"

namespace canvass::mysql {

struct PoolOptions {
  ConnectOptions connect;
  int max_connections = 16;
  // How long a caller waits for one of them at most, whatever its own deadline.
  absl::Duration max_wait = absl::Seconds(5);
  // A session that nobody used for this long is asked for a sign of life before it is lent.
  absl::Duration check_after = absl::Seconds(5);
  // An older session is replaced, so that a database behind a balancer gets its share after a fail-over.
  absl::Duration max_age = absl::Minutes(30);
};

class Pool {
 public:
  // The right to use one session until it goes out of scope.
  class Borrowed {
   public:
    Borrowed(Borrowed&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)), session_(std::move(other.session_)) {}
    Borrowed& operator=(Borrowed&&) = delete;
    ~Borrowed();
    Connection& operator*() const { return *session_.connection; }
    Connection* operator->() const { return session_.connection.get(); }

   private:
    friend class Pool;
    struct Session {
      std::unique_ptr<Connection> connection;
      absl::Time open_time;
      absl::Time use_time;
    };
    Borrowed(Pool* pool, Session session) : pool_(pool), session_(std::move(session)) {}

    Pool* pool_;
    Session session_;
  };

  struct Counts {
    int open = 0;  // lent and idle
    int idle = 0;
  };

  // Opens nothing yet.
  Pool(PoolOptions options, Clock& clock);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Returns a session that worked a moment ago. Unavailable if the database is down or all sessions stay in use for
  // max_wait, DeadlineExceeded if they do for `timeout`.
  absl::StatusOr<Borrowed> Borrow(absl::Duration timeout);

  Counts counts() const;

 private:
  using Session = Borrowed::Session;

  // Takes an idle session, or the right to open one (then without a connection).
  absl::StatusOr<Session> Take(absl::Duration timeout);
  absl::StatusOr<Session> OpenSession();
  bool Fit(Session& session);
  void Return(Session session);
  void Forget();
  bool HasRoom() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const PoolOptions options_;
  Clock& clock_;

  mutable absl::Mutex mutex_;
  std::vector<Session> idle_ ABSL_GUARDED_BY(mutex_);  // the last used at the back
  int open_ ABSL_GUARDED_BY(mutex_) = 0;
  // Sessions last used before this time are replaced: since then, one of them was found broken.
  absl::Time suspect_time_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  // While the database is down: nobody tries before retry_time_, and one at a time.
  bool down_ ABSL_GUARDED_BY(mutex_) = false;
  bool trying_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time retry_time_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  absl::Duration retry_pause_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace canvass::mysql

#endif  // CANVASS_SERVER_MYSQL_POOL_H_

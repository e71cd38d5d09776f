#include "server/mysql/pool.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/base/log.h"
#include "server/base/status_macros.h"
#include "server/mysql/status_mapping.h"

namespace canvass::mysql {
namespace {

constexpr absl::Duration kFirstRetryPause = absl::Milliseconds(50);
constexpr absl::Duration kMaxRetryPause = absl::Seconds(1);

absl::Status DownStatus() { return UnavailableStatus("the database cannot be reached; try again in a moment"); }

}  // namespace

Pool::Borrowed::~Borrowed() {
  if (pool_ != nullptr) pool_->Return(std::move(session_));
}

Pool::Pool(PoolOptions options, Clock& clock)
    : options_(std::move(options)), clock_(clock), retry_pause_(kFirstRetryPause) {}

Pool::~Pool() = default;

absl::StatusOr<Pool::Borrowed> Pool::Borrow(absl::Duration timeout) {
  while (true) {
    CANVASS_ASSIGN_OR_RETURN(Session session, Take(timeout));
    if (session.connection == nullptr) {
      CANVASS_ASSIGN_OR_RETURN(session, OpenSession());
      return Borrowed(this, std::move(session));
    }
    if (Fit(session)) return Borrowed(this, std::move(session));
    session.connection.reset();
    Forget();
  }
}

bool Pool::HasRoom() const { return !idle_.empty() || open_ < options_.max_connections; }

absl::StatusOr<Pool::Session> Pool::Take(absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  if (!mutex_.AwaitWithTimeout(absl::Condition(this, &Pool::HasRoom), std::min(timeout, options_.max_wait))) {
    if (timeout <= options_.max_wait) return DeadlineStatus("the deadline passed while waiting for the database");
    return UnavailableStatus(
        absl::StrCat("all ", options_.max_connections, " database sessions are in use; try again in a moment"));
  }
  if (!idle_.empty()) {
    Session session = std::move(idle_.back());
    idle_.pop_back();
    return session;
  }
  if (down_) {
    if (trying_ || clock_.Now() < retry_time_) return DownStatus();
    trying_ = true;
  }
  ++open_;
  return Session{};
}

absl::StatusOr<Pool::Session> Pool::OpenSession() {
  absl::StatusOr<std::unique_ptr<Connection>> connection = Connection::Open(options_.connect);
  const absl::Time now = clock_.Now();
  absl::MutexLock lock(&mutex_);
  trying_ = false;
  if (!connection.ok()) {
    --open_;
    if (!down_) retry_pause_ = kFirstRetryPause;
    down_ = true;
    retry_time_ = now + retry_pause_;
    retry_pause_ = std::min(retry_pause_ * 2, kMaxRetryPause);
    // What the door said is for the operator; Open has logged it.
    return DownStatus();
  }
  if (down_) Log(LogLevel::kInfo, "the database can be reached again");
  down_ = false;
  return Session{.connection = *std::move(connection), .open_time = now, .use_time = now};
}

bool Pool::Fit(Session& session) {
  const absl::Time now = clock_.Now();
  if (now - session.open_time > options_.max_age) return false;
  {
    absl::MutexLock lock(&mutex_);
    if (session.use_time <= suspect_time_) return false;
  }
  if (now - session.use_time < options_.check_after || session.connection->Alive()) return true;
  absl::MutexLock lock(&mutex_);
  suspect_time_ = std::max(suspect_time_, now);
  return false;
}

void Pool::Return(Session session) {
  session.use_time = clock_.Now();
  if (session.connection->broken()) {
    session.connection.reset();
    {
      absl::MutexLock lock(&mutex_);
      suspect_time_ = std::max(suspect_time_, clock_.Now());
    }
    Forget();
    return;
  }
  absl::MutexLock lock(&mutex_);
  idle_.push_back(std::move(session));
}

void Pool::Forget() {
  absl::MutexLock lock(&mutex_);
  --open_;
}

Pool::Counts Pool::counts() const {
  absl::MutexLock lock(&mutex_);
  return {.open = open_, .idle = static_cast<int>(idle_.size())};
}

}  // namespace canvass::mysql

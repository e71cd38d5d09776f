// A transaction that takes long, for tests of what reads rows by the time at which they were written: it writes at once
// and commits when told.
//
//   LateCommitter late(db.database(), scope, [&](mysql::Transaction& tx) { return store.Insert(tx, scope, {record});
//   }); … what is written now is seen first … late.Commit();
//
// Not thread-safe. The constructor returns once it has written; the destructor commits if nobody did. `write` runs on
// another thread, so what it uses must stay until then.
#ifndef CANVASS_SERVER_DISTRIBUTION_TESTING_LATE_COMMITTER_H_
#define CANVASS_SERVER_DISTRIBUTION_TESTING_LATE_COMMITTER_H_

#include <gtest/gtest.h>

#include <functional>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::distribution::testing {

class LateCommitter {
 public:
  using Write = std::function<absl::Status(mysql::Transaction& tx)>;

  LateCommitter(mysql::Database& database, const TenantScope& scope, Write write)
      : thread_([&database, scope, write = std::move(write), this] {
          const absl::Status status = database.Write(scope, [&](mysql::Transaction& tx) {
            const absl::Status written = write(tx);
            written_.Notify();
            commit_.WaitForNotification();
            return written;
          });
          EXPECT_TRUE(status.ok()) << status;
        }) {
    written_.WaitForNotification();
  }
  LateCommitter(const LateCommitter&) = delete;
  LateCommitter& operator=(const LateCommitter&) = delete;
  ~LateCommitter() {
    if (thread_.joinable()) Commit();
  }

  void Commit() {
    commit_.Notify();
    thread_.join();
  }

 private:
  absl::Notification written_;
  absl::Notification commit_;
  std::thread thread_;
};

}  // namespace canvass::distribution::testing

#endif  // CANVASS_SERVER_DISTRIBUTION_TESTING_LATE_COMMITTER_H_

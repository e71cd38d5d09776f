// The books of a test that breaks things: what was acknowledged, what was refused, what stayed open, and what the
// server holds in the end. What is sent is known by its comment, which the tests make unique.
//
// Thread-safe.
#ifndef CANVASS_TESTS_CHAOS_ACCOUNT_H_
#define CANVASS_TESTS_CHAOS_ACCOUNT_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "canvass/v1/response.pb.h"
#include "tests/process/workspace.h"

namespace canvass::chaos {

class Account {
 public:
  // `sent` was sent; `name` is what the server called it when it said OK.
  void Acknowledged(const v1::Response& sent, const std::string& name);
  // The last word on it was that it is not stored, nor will be.
  void Failed(const v1::Response& sent);
  // The last word on it was an error that does not tell.
  void Unknown(const v1::Response& sent);
  // A client saw what must not be.
  void Fault(std::string what);

  // What is acknowledged from now on is as good as unknown: the disk that will be audited is the one of this moment.
  void LosePower();

  // Since the beginning, with those after the loss of power.
  int64_t acknowledged() const;
  int64_t failed() const;

  // Compares with what the server holds: acknowledged exactly once and with equal content, failed or never sent never
  // there, unknown at most once, metrics equal to a recount. Returns every discrepancy, and the faults.
  std::vector<std::string> Audit(const testing::Workspace& workspace) const;

 private:
  struct Acknowledgement {
    std::string name;
    std::string answers;
  };

  mutable absl::Mutex mutex_;
  // By their comments.
  std::map<std::string, Acknowledgement> acknowledged_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> failed_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> unknown_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> faults_ ABSL_GUARDED_BY(mutex_);
  bool power_lost_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t acknowledgements_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace canvass::chaos

#endif  // CANVASS_TESTS_CHAOS_ACCOUNT_H_

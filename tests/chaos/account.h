// The books of a test that kills things: what was acknowledged, and what the server holds in the end.
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
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "tests/process/workspace.h"

namespace canvass::chaos {

class Account {
 public:
  // `content` was sent; `name` is what the server called it when it said OK.
  void Acknowledged(const std::string& content, const std::string& name);
  // `content` was sent and the last word on it was an error that does not tell.
  void Unknown(const std::string& content);

  int64_t acknowledged() const;

  // Compares with what the server holds: acknowledged exactly once and with equal content, never sent never there,
  // unknown at most once, metrics equal to a recount. Returns every discrepancy.
  std::vector<std::string> Audit(const testing::Workspace& workspace) const;

 private:
  mutable absl::Mutex mutex_;
  std::map<std::string, std::string> acknowledged_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> unknown_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace canvass::chaos

#endif  // CANVASS_TESTS_CHAOS_ACCOUNT_H_

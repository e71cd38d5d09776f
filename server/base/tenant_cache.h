// One value for each tenant, read when it is needed and kept for a few seconds: what a write on another server changed
// is seen within kMaxAge, what this server changed at once.
//
//   TenantCache<TenantTriggers> cache(clock);
//   CANVASS_ASSIGN_OR_RETURN(std::shared_ptr<const TenantTriggers> triggers, cache.Get(scope, [&] { return Load(scope);
//   })); … cache.Forget(scope);                            // after every committed write
//
// Thread-safe. Get calls the function without a lock, so two threads may read at once.
#ifndef CANVASS_SERVER_BASE_TENANT_CACHE_H_
#define CANVASS_SERVER_BASE_TENANT_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"

namespace canvass {

template <typename Value>
class TenantCache {
 public:
  // How old what Get returns may be.
  static constexpr absl::Duration kMaxAge = absl::Seconds(4);
  // How many tenants are kept. Beyond, the cache starts anew: what it held is read again within kMaxAge anyway.
  static constexpr std::size_t kMaxTenants = 10'000;

  // `clock` must outlive the cache.
  explicit TenantCache(const Clock& clock) : clock_(clock) {}

  // The tenant's value, if need be by `load`, absl::StatusOr<Value>(), whose errors it returns.
  template <typename Load>
  absl::StatusOr<std::shared_ptr<const Value>> Get(const TenantScope& scope, Load load) {
    const absl::Time now = clock_.Now();
    uint64_t generation = 0;
    {
      absl::MutexLock lock(&mutex_);
      const auto found = entries_.find(scope.tenant());
      if (found != entries_.end() && now - found->second.load_time < kMaxAge) return found->second.value;
      generation = generation_;
    }
    absl::StatusOr<Value> loaded = load();
    if (!loaded.ok()) return std::move(loaded).status();
    auto value = std::make_shared<const Value>(*std::move(loaded));
    absl::MutexLock lock(&mutex_);
    if (generation == generation_) {
      if (entries_.size() >= kMaxTenants) entries_.clear();
      entries_.insert_or_assign(scope.tenant(), Entry{.value = value, .load_time = now});
    }
    return value;
  }

  void Forget(const TenantScope& scope) {
    absl::MutexLock lock(&mutex_);
    ++generation_;
    entries_.erase(scope.tenant());
  }

 private:
  struct Entry {
    std::shared_ptr<const Value> value;
    absl::Time load_time;
  };

  const Clock& clock_;
  absl::Mutex mutex_;
  absl::flat_hash_map<TenantId, Entry> entries_ ABSL_GUARDED_BY(mutex_);
  // Grows with every Forget: what was read before it is not kept.
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace canvass

#endif  // CANVASS_SERVER_BASE_TENANT_CACHE_H_

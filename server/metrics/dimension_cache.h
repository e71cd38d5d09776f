// The combinations of breakdowns that this process knows to be committed. Rows of metric_dimensions are never changed
// or removed while their survey lives, so what is known stays true. Writers skip what is known; readers learn what a
// dimension_key means without asking the database.
//
// Bounded: when `capacity` entries have come, those not used since the last time are forgotten.
// Thread-safe.
#ifndef CANVASS_SERVER_METRICS_DIMENSION_CACHE_H_
#define CANVASS_SERVER_METRICS_DIMENSION_CACHE_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "server/base/ids.h"
#include "server/metrics/dimension.h"

namespace canvass::metrics {

class DimensionCache {
 public:
  explicit DimensionCache(std::size_t capacity = 100'000) : capacity_(capacity) {}

  // The combination behind `key`, null if it is not known.
  std::shared_ptr<const Dimension> Find(const TenantId& tenant, const SurveyId& survey, absl::string_view key);
  // Remembers a combination. Only for what is committed.
  void Add(const TenantId& tenant, const SurveyId& survey, absl::string_view key,
           std::shared_ptr<const Dimension> dimension);
  std::size_t size() const;

 private:
  using Entries = absl::flat_hash_map<std::string, std::shared_ptr<const Dimension>>;

  void AddLocked(const std::string& id, std::shared_ptr<const Dimension> dimension)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::size_t capacity_;
  mutable absl::Mutex mutex_;
  // Two generations: what is used moves to the young one; when that is half the capacity, the old one is dropped.
  Entries young_ ABSL_GUARDED_BY(mutex_);
  Entries old_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace canvass::metrics

#endif  // CANVASS_SERVER_METRICS_DIMENSION_CACHE_H_

// The surveys that answers are checked against, from memory where possible: SubmitResponse asks for a status and a
// version each time, and the database should not hear of it.
//
// Versions are immutable and kept until the cache is full. A status is at most kStatusLifetime old; a handler that
// changes one calls Forget, so that this process sees its own changes at once. What metrics need of all versions is
// kept without their definitions.
//
// Thread-safe. Status, Version and History block on a miss; the Cached forms never do. Store and clock must outlive the
// catalog.
#ifndef CANVASS_SERVER_SURVEYS_SURVEY_CATALOG_H_
#define CANVASS_SERVER_SURVEYS_SURVEY_CATALOG_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/clock.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/surveys/lru_cache.h"
#include "server/surveys/survey_store.h"
#include "server/surveys/versions/series_history.h"

namespace canvass::surveys {

struct CatalogLimits {
  std::size_t max_statuses = 100'000;
  std::size_t max_history_bytes = std::size_t{16} << 20;
  std::size_t max_version_bytes = std::size_t{64} << 20;  // serialized; in memory it is a few times that
};

class SurveyCatalog {
 public:
  static constexpr absl::Duration kStatusLifetime = absl::Seconds(1);

  SurveyCatalog(SurveyStore& store, const Clock& clock, CatalogLimits limits = {});

  // NotFound (SURVEY_NOT_FOUND) if there is no such survey or version; errors of mysql::Database.
  absl::StatusOr<SurveyStatus> Status(const TenantScope& scope, const SurveyId& id);
  absl::StatusOr<std::shared_ptr<const v1::SurveyVersion>> Version(const TenantScope& scope, const SurveyId& id,
                                                                   int version);

  // Which series the questions of versions 1 to `versions` or more have. What it took to know that is read once.
  absl::StatusOr<std::shared_ptr<const SeriesHistory>> History(const TenantScope& scope, const SurveyId& id,
                                                               int versions);

  // Status and version from memory alone: nullopt if it is not there, or too old. The pointer is never null.
  std::optional<SurveyStatus> CachedStatus(const TenantScope& scope, const SurveyId& id);
  std::optional<std::shared_ptr<const v1::SurveyVersion>> CachedVersion(const TenantScope& scope, const SurveyId& id,
                                                                        int version);

  // Call it when the survey's state, published version or closing was changed, after the commit.
  void Forget(const TenantScope& scope, const SurveyId& id);

 private:
  struct TimedStatus {
    SurveyStatus status;
    absl::Time read_time;
  };
  using SurveyKey = std::pair<TenantId, SurveyId>;
  using VersionKey = std::tuple<TenantId, SurveyId, int>;

  SurveyStore& store_;
  const Clock& clock_;
  absl::Mutex mutex_;
  LruCache<SurveyKey, TimedStatus> statuses_ ABSL_GUARDED_BY(mutex_);
  LruCache<VersionKey, std::shared_ptr<const v1::SurveyVersion>> versions_ ABSL_GUARDED_BY(mutex_);
  LruCache<SurveyKey, std::shared_ptr<const SeriesHistory>> histories_ ABSL_GUARDED_BY(mutex_);
  // Counts Forget calls, so that a status read before one is not put in after it.
  uint64_t forgotten_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_SURVEY_CATALOG_H_

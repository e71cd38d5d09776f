#include "server/surveys/survey_catalog.h"

#include "server/base/status_macros.h"

namespace canvass::surveys {

SurveyCatalog::SurveyCatalog(SurveyStore& store, const Clock& clock, CatalogLimits limits)
    : store_(store),
      clock_(clock),
      statuses_(limits.max_statuses),
      versions_(limits.max_version_bytes),
      histories_(limits.max_history_bytes) {}

absl::StatusOr<SurveyStatus> SurveyCatalog::Status(const TenantScope& scope, const SurveyId& id) {
  if (const std::optional<SurveyStatus> cached = CachedStatus(scope, id)) return *cached;
  // Taken before the read: a status is as old as the moment at which it was certainly true.
  const absl::Time read_time = clock_.Now();
  uint64_t forgotten = 0;
  {
    absl::MutexLock lock(&mutex_);
    forgotten = forgotten_;
  }
  CANVASS_ASSIGN_OR_RETURN(const SurveyStatus status, store_.GetStatus(scope, id));
  absl::MutexLock lock(&mutex_);
  if (forgotten == forgotten_) {
    statuses_.Put(SurveyKey(scope.tenant(), id), TimedStatus{status, read_time}, /*weight=*/1);
  }
  return status;
}

absl::StatusOr<std::shared_ptr<const v1::SurveyVersion>> SurveyCatalog::Version(const TenantScope& scope,
                                                                                const SurveyId& id, int version) {
  if (auto cached = CachedVersion(scope, id, version)) return *std::move(cached);
  CANVASS_ASSIGN_OR_RETURN(v1::SurveyVersion read, store_.GetVersion(scope, id, version));
  const std::size_t weight = read.ByteSizeLong();
  auto shared = std::make_shared<const v1::SurveyVersion>(std::move(read));
  absl::MutexLock lock(&mutex_);
  versions_.Put(VersionKey(scope.tenant(), id, version), shared, weight);
  return shared;
}

absl::StatusOr<std::shared_ptr<const SeriesHistory>> SurveyCatalog::History(const TenantScope& scope,
                                                                            const SurveyId& id, int versions) {
  const SurveyKey key(scope.tenant(), id);
  SeriesHistory history;
  {
    absl::MutexLock lock(&mutex_);
    if (const auto* found = histories_.Get(key)) {
      if ((*found)->versions() >= versions) return *found;
      history = **found;
    }
  }
  while (history.versions() < versions) {
    // Not through Version: earlier ones would push out those that are answered.
    const int next = history.versions() + 1;
    if (const auto cached = CachedVersion(scope, id, next)) {
      history.AddVersion((*cached)->definition());
    } else {
      CANVASS_ASSIGN_OR_RETURN(const v1::SurveyVersion read, store_.GetVersion(scope, id, next));
      history.AddVersion(read.definition());
    }
  }
  auto shared = std::make_shared<const SeriesHistory>(std::move(history));
  absl::MutexLock lock(&mutex_);
  histories_.Put(key, shared, shared->bytes());
  return shared;
}

std::optional<SurveyStatus> SurveyCatalog::CachedStatus(const TenantScope& scope, const SurveyId& id) {
  const absl::Time now = clock_.Now();
  absl::MutexLock lock(&mutex_);
  const TimedStatus* found = statuses_.Get(SurveyKey(scope.tenant(), id));
  if (found == nullptr || now - found->read_time >= kStatusLifetime || now < found->read_time) return std::nullopt;
  return found->status;
}

std::optional<std::shared_ptr<const v1::SurveyVersion>> SurveyCatalog::CachedVersion(const TenantScope& scope,
                                                                                     const SurveyId& id, int version) {
  absl::MutexLock lock(&mutex_);
  const auto* found = versions_.Get(VersionKey(scope.tenant(), id, version));
  if (found == nullptr) return std::nullopt;
  return *found;
}

void SurveyCatalog::Forget(const TenantScope& scope, const SurveyId& id) {
  absl::MutexLock lock(&mutex_);
  ++forgotten_;
  statuses_.Erase(SurveyKey(scope.tenant(), id));
}

}  // namespace canvass::surveys

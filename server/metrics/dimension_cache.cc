#include "server/metrics/dimension_cache.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace canvass::metrics {
namespace {

// Ids have no blanks and keys are the last 16 bytes, so no two combinations share a text.
std::string CacheId(const TenantId& tenant, const SurveyId& survey, absl::string_view key) {
  return absl::StrCat(tenant.value(), " ", survey.value(), " ", key);
}

}  // namespace

std::shared_ptr<const Dimension> DimensionCache::Find(const TenantId& tenant, const SurveyId& survey,
                                                      absl::string_view key) {
  const std::string id = CacheId(tenant, survey, key);
  absl::MutexLock lock(&mutex_);
  if (const auto it = young_.find(id); it != young_.end()) return it->second;
  const auto it = old_.find(id);
  if (it == old_.end()) return nullptr;
  std::shared_ptr<const Dimension> dimension = it->second;
  old_.erase(it);
  AddLocked(id, dimension);
  return dimension;
}

void DimensionCache::Add(const TenantId& tenant, const SurveyId& survey, absl::string_view key,
                         std::shared_ptr<const Dimension> dimension) {
  const std::string id = CacheId(tenant, survey, key);
  absl::MutexLock lock(&mutex_);
  if (young_.contains(id)) return;
  old_.erase(id);
  AddLocked(id, std::move(dimension));
}

std::size_t DimensionCache::size() const {
  absl::MutexLock lock(&mutex_);
  return young_.size() + old_.size();
}

void DimensionCache::AddLocked(const std::string& id, std::shared_ptr<const Dimension> dimension) {
  if (2 * (young_.size() + 1) > capacity_) {
    old_ = std::move(young_);
    young_.clear();
  }
  young_.emplace(id, std::move(dimension));
}

}  // namespace canvass::metrics

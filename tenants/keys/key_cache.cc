#include "tenants/keys/key_cache.h"

#include <utility>

namespace canvass::tenants {

bool CachedKey::ClaimRefresh(absl::Time now) const {
  int64_t refresh_at = refresh_at_.load(std::memory_order_relaxed);
  return absl::ToUnixNanos(now) >= refresh_at &&
         refresh_at_.compare_exchange_strong(refresh_at, absl::ToUnixNanos(now + refresh_interval_));
}

std::shared_ptr<const CachedKey> KeyCache::Find(absl::string_view key_id, absl::Time now) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = entries_.find(key_id);
  return found != entries_.end() && now < found->second->expire_time_ ? found->second : nullptr;
}

void KeyCache::Put(absl::string_view key_id, std::shared_ptr<CachedKey> key, absl::Time asked) {
  key->expire_time_ = asked + (key->record.has_value() ? options_.keep : options_.keep_unknown);
  key->fresh_until_ = asked + options_.fresh_for;
  key->refresh_interval_ = options_.refresh_interval;
  key->refresh_at_ = absl::ToUnixNanos(key->fresh_until_);
  absl::MutexLock lock(&mutex_);
  if (entries_.size() >= options_.max_entries) MakeRoom(asked);
  entries_.insert_or_assign(key_id, std::move(key));
}

void KeyCache::Forget(absl::string_view key_id) {
  absl::MutexLock lock(&mutex_);
  entries_.erase(key_id);
}

void KeyCache::ForgetTenant(const TenantId& tenant) {
  absl::MutexLock lock(&mutex_);
  absl::erase_if(entries_, [&](const auto& item) {
    const std::optional<KeyRecord>& record = item.second->record;
    return record.has_value() && record->scope.tenant() == tenant;
  });
}

std::size_t KeyCache::size() const {
  absl::ReaderMutexLock lock(&mutex_);
  return entries_.size();
}

void KeyCache::MakeRoom(absl::Time now) {
  absl::erase_if(entries_, [&](const auto& item) { return item.second->expire_time_ <= now; });
  // All in use within seconds: half of them go, whichever, so that this happens once in many insertions.
  bool odd = false;
  if (entries_.size() > options_.max_entries / 2) {
    absl::erase_if(entries_, [&](const auto&) { return odd = !odd; });
  }
}

}  // namespace canvass::tenants

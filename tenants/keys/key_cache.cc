#include "tenants/keys/key_cache.h"

#include <utility>

namespace canvass::tenants {

std::shared_ptr<const CachedKey> KeyCache::Find(absl::string_view key_id, absl::Time now) {
  absl::ReaderMutexLock lock(&mutex_);
  const Entry* entry = FindEntry(key_id, now);
  if (entry == nullptr) return nullptr;
  int64_t refresh_at = entry->refresh_at.load(std::memory_order_relaxed);
  if (absl::ToUnixNanos(now) >= refresh_at &&
      entry->refresh_at.compare_exchange_strong(refresh_at, absl::ToUnixNanos(now + options_.refresh_interval))) {
    return nullptr;
  }
  return entry->key;
}

std::shared_ptr<const CachedKey> KeyCache::FindAnyway(absl::string_view key_id, absl::Time now) const {
  absl::ReaderMutexLock lock(&mutex_);
  const Entry* entry = FindEntry(key_id, now);
  return entry == nullptr ? nullptr : entry->key;
}

void KeyCache::Put(absl::string_view key_id, std::shared_ptr<const CachedKey> key, absl::Time asked) {
  auto entry = std::make_unique<Entry>();
  entry->expire_time = asked + (key->record.has_value() ? options_.keep : options_.keep_unknown);
  entry->refresh_at = absl::ToUnixNanos(asked + options_.refresh_after);
  entry->key = std::move(key);
  absl::MutexLock lock(&mutex_);
  if (entries_.size() >= options_.max_entries) MakeRoom(asked);
  entries_.insert_or_assign(key_id, std::move(entry));
}

void KeyCache::Forget(absl::string_view key_id) {
  absl::MutexLock lock(&mutex_);
  entries_.erase(key_id);
}

void KeyCache::ForgetTenant(const TenantId& tenant) {
  absl::MutexLock lock(&mutex_);
  absl::erase_if(entries_, [&](const auto& item) {
    const std::optional<KeyRecord>& record = item.second->key->record;
    return record.has_value() && record->scope.tenant() == tenant;
  });
}

std::size_t KeyCache::size() const {
  absl::ReaderMutexLock lock(&mutex_);
  return entries_.size();
}

const KeyCache::Entry* KeyCache::FindEntry(absl::string_view key_id, absl::Time now) const {
  const auto found = entries_.find(key_id);
  return found != entries_.end() && now < found->second->expire_time ? found->second.get() : nullptr;
}

void KeyCache::MakeRoom(absl::Time now) {
  absl::erase_if(entries_, [&](const auto& item) { return item.second->expire_time <= now; });
  // All in use within seconds: half of them go, whichever, so that this happens once in many insertions.
  bool odd = false;
  if (entries_.size() > options_.max_entries / 2) {
    absl::erase_if(entries_, [&](const auto&) { return odd = !odd; });
  }
}

}  // namespace canvass::tenants

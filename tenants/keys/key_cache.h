// What the database last said of each API key, for a few seconds. Bounded: when full, what ran out goes, then others.
//
// Thread-safe.
#ifndef CANVASS_TENANTS_KEYS_KEY_CACHE_H_
#define CANVASS_TENANTS_KEYS_KEY_CACHE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/base/ids.h"
#include "tenants/keys/api_key_store.h"

namespace canvass::tenants {

struct CachedKey {
  // nullopt: there is no such key.
  std::optional<KeyRecord> record;
  // The credential that proved right, so that comparing it again takes no HMAC. Empty: none yet.
  std::string credential;
};

class KeyCache {
 public:
  struct Options {
    // From the moment the database was asked. Less than the 5 seconds that the contract gives a revocation.
    absl::Duration keep = absl::Seconds(4);
    // From then on one caller in `refresh_interval` is told that there is nothing, so that it asks again.
    absl::Duration refresh_after = absl::Seconds(3);
    absl::Duration refresh_interval = absl::Milliseconds(250);
    absl::Duration keep_unknown = absl::Seconds(1);
    std::size_t max_entries = 65536;
  };

  KeyCache() : KeyCache(Options()) {}
  explicit KeyCache(const Options& options) : options_(options) {}

  // What is known of `key_id` and still to be believed at `now`; null if nothing is, or if the caller is the one that
  // has to ask the database again.
  std::shared_ptr<const CachedKey> Find(absl::string_view key_id, absl::Time now);

  // As Find, but never asks the caller to refresh.
  std::shared_ptr<const CachedKey> FindAnyway(absl::string_view key_id, absl::Time now) const;

  // Keeps what the database said when it was asked at `asked`.
  void Put(absl::string_view key_id, std::shared_ptr<const CachedKey> key, absl::Time asked);

  void Forget(absl::string_view key_id);
  void ForgetTenant(const TenantId& tenant);
  std::size_t size() const;

 private:
  struct Entry {
    std::shared_ptr<const CachedKey> key;
    absl::Time expire_time;
    // Unix nanoseconds; moved on by whoever wins the refresh.
    mutable std::atomic<int64_t> refresh_at;
  };

  const Entry* FindEntry(absl::string_view key_id, absl::Time now) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void MakeRoom(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Options options_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::unique_ptr<Entry>> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_KEYS_KEY_CACHE_H_

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
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/base/ids.h"
#include "tenants/keys/api_key_store.h"

namespace canvass::tenants {

// One key at one moment. Constant but for who refreshes it.
class CachedKey {
 public:
  // What the database said, nullopt if there is no such key; and the credential that proved right, so that comparing it
  // again takes no HMAC, empty if none did.
  CachedKey(std::optional<KeyRecord> key_record, std::string right_credential)
      : record(std::move(key_record)), credential(std::move(right_credential)) {}

  const std::optional<KeyRecord> record;
  const std::string credential;

  // False once the database should be asked again.
  bool fresh(absl::Time now) const { return now < fresh_until_; }

  // True for one caller at a time once it is no longer fresh: that one is to ask the database again.
  bool ClaimRefresh(absl::Time now) const;

 private:
  friend class KeyCache;
  absl::Time fresh_until_;
  absl::Time expire_time_;
  absl::Duration refresh_interval_;
  // Unix nanoseconds; moved on by whoever claims the refresh.
  mutable std::atomic<int64_t> refresh_at_ = 0;
};

class KeyCache {
 public:
  struct Options {
    // From the moment the database was asked. Less than the 5 seconds that the contract gives a revocation.
    absl::Duration keep = absl::Seconds(4);
    // From then on one caller in `refresh_interval` may claim the refresh.
    absl::Duration fresh_for = absl::Seconds(3);
    absl::Duration refresh_interval = absl::Milliseconds(250);
    absl::Duration keep_unknown = absl::Seconds(1);
    std::size_t max_entries = 65536;
  };

  KeyCache() : KeyCache(Options()) {}
  explicit KeyCache(const Options& options) : options_(options) {}

  // What is known of `key_id` and still to be believed at `now`; null if nothing is.
  std::shared_ptr<const CachedKey> Find(absl::string_view key_id, absl::Time now) const;

  // Keeps what the database said when it was asked at `asked`.
  void Put(absl::string_view key_id, std::shared_ptr<CachedKey> key, absl::Time asked);

  void Forget(absl::string_view key_id);
  void ForgetTenant(const TenantId& tenant);
  std::size_t size() const;

 private:
  void MakeRoom(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Options options_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<const CachedKey>> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_KEYS_KEY_CACHE_H_

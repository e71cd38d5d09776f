// A map of bounded weight that drops what was not used for longest.
//
//   LruCache<std::string, int> cache(/*max_weight=*/1000);
//   cache.Put("a", 1, /*weight=*/1);
//   if (int* value = cache.Get("a")) …
//
// Not thread-safe: its owner guards it.
#ifndef CANVASS_SERVER_SURVEYS_LRU_CACHE_H_
#define CANVASS_SERVER_SURVEYS_LRU_CACHE_H_

#include <cstddef>
#include <list>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace canvass::surveys {

template <typename Key, typename Value>
class LruCache {
 public:
  explicit LruCache(std::size_t max_weight) : max_weight_(max_weight) {}

  // The value of `key`, now the most recently used; nullptr if it is not there. Valid until the next Put or Erase.
  Value* Get(const Key& key) {
    auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->value;
  }

  // Sets the value of `key`, then drops the least recently used ones until the weights fit. What weighs more than the
  // whole cache may is not kept.
  void Put(const Key& key, Value value, std::size_t weight) {
    Erase(key);
    if (weight > max_weight_) return;
    entries_.push_front(Entry{key, std::move(value), weight});
    index_[key] = entries_.begin();
    weight_ += weight;
    while (weight_ > max_weight_) Erase(Key(entries_.back().key));
  }

  void Erase(const Key& key) {
    auto found = index_.find(key);
    if (found == index_.end()) return;
    weight_ -= found->second->weight;
    entries_.erase(found->second);
    index_.erase(found);
  }

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    Key key;
    Value value;
    std::size_t weight;
  };

  const std::size_t max_weight_;
  std::size_t weight_ = 0;
  std::list<Entry> entries_;  // the most recently used first
  absl::flat_hash_map<Key, typename std::list<Entry>::iterator> index_;
};

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_LRU_CACHE_H_

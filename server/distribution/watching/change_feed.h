// The rows of one kind and tenant in the order in which they were written, without losing any, however late its
// transaction is committed.
//
//   CANVASS_ASSIGN_OR_RETURN(auto feed, ChangeFeed<DecisionChanges>::Open(std::move(source), start, pace));
//   CANVASS_ASSIGN_OR_RETURN(auto given, feed.Poll());   // again and again
//
// Commits do not come in the order of the times that rows bear: a row is stamped when it is written and seen when its
// transaction ends. So the feed looks at the last `window` again and again, all of it every `full_interval` and its end
// at every Poll(), and remembers what of it was given already. What is older than the window is settled: no transaction
// lives that long, even if the clocks of two database servers differ by seconds. A position to resume from is never
// within the window; so what lies between it and the moment is given again after a resumption.
//
// A Source reads the rows of one tenant:
//
//   struct Position { absl::Time change_time; Key key; };   // the default key stands before all of its moment
//   using Item = …;                                         // what is given of a row
//   absl::StatusOr<absl::Time> DatabaseTime();
//   // What was written last between `after` and `until` (inclusive), in that order; at most `limit`.
//   absl::StatusOr<std::vector<Position>> ListChanges(const Position& after, absl::Time until, int limit);
//   // What at most ChangeFeed::kPage changes stand for now; what is gone is absent.
//   absl::StatusOr<absl::flat_hash_map<Key, Changed<Item>>> Read(const std::vector<Position>& changes);
//
// Not thread-safe; calls block where the source does.
#ifndef CANVASS_SERVER_DISTRIBUTION_WATCHING_CHANGE_FEED_H_
#define CANVASS_SERVER_DISTRIBUTION_WATCHING_CHANGE_FEED_H_

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/status_macros.h"

namespace canvass::distribution {

struct FeedPace {
  // Idle transactions and statements are ended after 10 seconds each, and the deadline of calls is 20; the rest is for
  // clocks that differ.
  absl::Duration window = absl::Seconds(60);
  absl::Duration full_interval = absl::Seconds(5);
  // How far the looks between go back: most transactions are shorter.
  absl::Duration tail = absl::Seconds(2);
};

// What a change stands for now: one item, or those of it that the source's filter selects.
template <typename Item>
struct Changed {
  absl::Time change_time;
  std::vector<Item> items;
};

template <typename Source>
class ChangeFeed {
 public:
  using Position = typename Source::Position;
  using Item = typename Source::Item;
  using Key = decltype(Position::key);

  struct Given {
    Item item;
    // Where a feed starts that gives all that this one has not given when it gives this.
    Position resume;
  };

  // At most about this many are given at once.
  static constexpr int kPage = 256;

  // Gives what is behind `start`; without one, what is committed from now on.
  static absl::StatusOr<ChangeFeed> Open(Source source, const std::optional<Position>& start, const FeedPace& pace);

  // What is new; empty if nothing was found by a bounded search.
  absl::StatusOr<std::vector<Given>> Poll();
  // Whether the last Poll() left something to be looked at.
  bool behind() const { return sweep_.has_value(); }

 private:
  static constexpr int kKeysAtOnce = 2048;
  // Of changes that the filter passes over, in one Poll().
  static constexpr int kMaxPages = 16;

  // One look at what lies between a position and the moment at which it began.
  struct Sweep {
    Position next;
    absl::Time until;
    bool full = false;
    bool done = false;
  };

  ChangeFeed(Source source, const FeedPace& pace) : source_(std::move(source)), pace_(pace) {}

  absl::Status Begin();
  void End();
  // The changes of the next page that were not given yet; ends the sweep behind its last page.
  absl::StatusOr<std::vector<Position>> NextPage();
  absl::StatusOr<std::vector<Given>> Give(const std::vector<Position>& changes);
  // Where to resume from once `change` was given.
  Position ResumeAt(const Position& change) const;

  Source source_;
  FeedPace pace_;
  // Everything up to here was given, and nothing can come before it any more.
  Position settled_;
  absl::Time last_full_ = absl::InfinitePast();
  std::optional<Sweep> sweep_;
  // What was given, or passed over, within the window: the time it bore then.
  absl::flat_hash_map<Key, absl::Time> given_;
};

template <typename Source>
absl::StatusOr<ChangeFeed<Source>> ChangeFeed<Source>::Open(Source source, const std::optional<Position>& start,
                                                            const FeedPace& pace) {
  ChangeFeed feed(std::move(source), pace);
  if (start.has_value()) {
    feed.settled_ = *start;
    return feed;
  }
  // What can be seen now counts as given; what appears in the window later does not.
  CANVASS_ASSIGN_OR_RETURN(const absl::Time now, feed.source_.DatabaseTime());
  feed.settled_ = {.change_time = now - pace.window};
  Position after = feed.settled_;
  while (true) {
    CANVASS_ASSIGN_OR_RETURN(const std::vector<Position> seen, feed.source_.ListChanges(after, now, kKeysAtOnce));
    for (const Position& change : seen) feed.given_[change.key] = change.change_time;
    if (seen.size() < static_cast<std::size_t>(kKeysAtOnce)) return feed;
    after = seen.back();
  }
}

template <typename Source>
auto ChangeFeed<Source>::Poll() -> absl::StatusOr<std::vector<Given>> {
  if (!sweep_.has_value()) CANVASS_RETURN_IF_ERROR(Begin());
  for (int page = 0; page < kMaxPages && sweep_.has_value(); ++page) {
    const Sweep before = *sweep_;
    CANVASS_ASSIGN_OR_RETURN(const std::vector<Position> changes, NextPage());
    absl::StatusOr<std::vector<Given>> given = Give(changes);
    if (!given.ok()) {
      sweep_ = before;  // not given: looked at again
      return given;
    }
    if (sweep_->done) End();
    if (!given->empty()) return given;
  }
  return std::vector<Given>();
}

template <typename Source>
absl::Status ChangeFeed<Source>::Begin() {
  CANVASS_ASSIGN_OR_RETURN(const absl::Time now, source_.DatabaseTime());
  const absl::Time tail = now - pace_.tail;
  const bool full = now - last_full_ >= pace_.full_interval || tail <= settled_.change_time;
  sweep_ = Sweep{.next = full ? settled_ : Position{.change_time = tail}, .until = now, .full = full};
  return absl::OkStatus();
}

template <typename Source>
void ChangeFeed<Source>::End() {
  const Sweep sweep = *std::exchange(sweep_, std::nullopt);
  if (!sweep.full) return;
  last_full_ = sweep.until;
  const absl::Time floor = sweep.until - pace_.window;
  if (floor <= settled_.change_time) return;
  settled_ = {.change_time = floor};
  absl::erase_if(given_, [floor](const auto& one) { return one.second < floor; });
}

template <typename Source>
auto ChangeFeed<Source>::NextPage() -> absl::StatusOr<std::vector<Position>> {
  std::vector<Position> fresh;
  while (fresh.empty()) {
    // A look at the window passes over many that were given; a look at the past over none.
    const int limit = given_.empty() ? kPage : kKeysAtOnce;
    CANVASS_ASSIGN_OR_RETURN(const std::vector<Position> seen, source_.ListChanges(sweep_->next, sweep_->until, limit));
    bool all = true;
    for (const Position& change : seen) {
      if (fresh.size() == static_cast<std::size_t>(kPage)) {
        all = false;
        break;
      }
      sweep_->next = change;
      const auto given = given_.find(change.key);
      if (given == given_.end() || given->second != change.change_time) fresh.push_back(change);
    }
    if (all && seen.size() < static_cast<std::size_t>(limit)) {
      sweep_->done = true;
      break;
    }
  }
  return fresh;
}

template <typename Source>
auto ChangeFeed<Source>::Give(const std::vector<Position>& changes) -> absl::StatusOr<std::vector<Given>> {
  CANVASS_ASSIGN_OR_RETURN(auto found, source_.Read(changes));
  std::vector<Given> given;
  const absl::Time floor = sweep_->until - pace_.window;
  for (const Position& change : changes) {
    const auto now = found.find(change.key);
    // It may have changed since: what is given now is what it is now.
    const absl::Time given_time = now == found.end() ? change.change_time : now->second.change_time;
    if (given_time >= floor) given_[change.key] = given_time;
    if (now == found.end()) continue;
    for (Item& item : now->second.items) given.push_back({.item = std::move(item), .resume = ResumeAt(change)});
  }
  return given;
}

template <typename Source>
auto ChangeFeed<Source>::ResumeAt(const Position& change) const -> Position {
  if (!sweep_->full) return settled_;
  const absl::Time floor = sweep_->until - pace_.window;
  if (change.change_time < floor) return change;
  return floor > settled_.change_time ? Position{.change_time = floor} : settled_;
}

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_WATCHING_CHANGE_FEED_H_

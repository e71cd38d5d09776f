#include "server/surveys/versions/sequence_match.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace canvass::surveys {
namespace {

// Which of `numbers`, all different, are part of one longest increasing subsequence; negative ones never are.
std::vector<bool> LongestIncreasing(const std::vector<int>& numbers) {
  std::vector<int> last;                          // by length - 1: the place of the least number that ends one
  std::vector<int> previous(numbers.size(), -1);  // the place before, in the subsequence that ends here
  for (int i = 0; i < static_cast<int>(numbers.size()); ++i) {
    if (numbers[i] < 0) continue;
    const auto longer = std::lower_bound(last.begin(), last.end(), numbers[i],
                                         [&](int place, int number) { return numbers[place] < number; });
    if (longer != last.begin()) previous[i] = *(longer - 1);
    if (longer == last.end()) {
      last.push_back(i);
    } else {
      *longer = i;
    }
  }
  std::vector<bool> part(numbers.size(), false);
  for (int i = last.empty() ? -1 : last.back(); i >= 0; i = previous[i]) part[i] = true;
  return part;
}

}  // namespace

std::vector<SequenceMatch> MatchSequences(const std::vector<std::string>& before,
                                          const std::vector<std::string>& after) {
  absl::flat_hash_map<absl::string_view, int> places;
  for (int i = 0; i < static_cast<int>(after.size()); ++i) places.emplace(after[i], i);
  std::vector<int> new_place(before.size(), -1);
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (const auto found = places.find(before[i]); found != places.end()) new_place[i] = found->second;
  }
  const std::vector<bool> kept = LongestIncreasing(new_place);

  std::vector<SequenceMatch> matches(after.size());
  std::vector<std::vector<SequenceMatch>> gone(after.size() + 1);  // by how many of `after` come before them
  int behind = 0;
  for (int i = 0; i < static_cast<int>(before.size()); ++i) {
    if (new_place[i] < 0) {
      gone[behind].push_back({.before = i});
    } else {
      matches[new_place[i]] = {.before = i, .after = new_place[i], .moved = !kept[i]};
      if (kept[i]) behind = new_place[i] + 1;
    }
  }
  std::vector<SequenceMatch> result = std::move(gone[0]);
  for (int i = 0; i < static_cast<int>(after.size()); ++i) {
    matches[i].after = i;
    result.push_back(matches[i]);
    result.insert(result.end(), gone[i + 1].begin(), gone[i + 1].end());
  }
  return result;
}

}  // namespace canvass::surveys

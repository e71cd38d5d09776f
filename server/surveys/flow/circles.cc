#include "server/surveys/flow/circles.h"

#include <algorithm>
#include <deque>

#include "absl/strings/str_split.h"

namespace canvass::surveys {
namespace {

// The shortest way from `start` back to it over values behind it; empty if there is none.
std::vector<int> CircleFrom(int start, const std::vector<std::vector<int>>& references) {
  std::vector<int> reached_from(references.size(), -1);
  std::deque<int> queue = {start};
  while (!queue.empty()) {
    const int value = queue.front();
    queue.pop_front();
    for (int next : references[value]) {
      if (next == start) {
        std::vector<int> circle;
        for (int each = value; each != start; each = reached_from[each]) circle.push_back(each);
        circle.push_back(start);
        std::reverse(circle.begin(), circle.end());
        return circle;
      }
      if (next < start || reached_from[next] >= 0) continue;
      reached_from[next] = value;
      queue.push_back(next);
    }
  }
  return {};
}

}  // namespace

std::vector<std::vector<int>> ValueReferences(const DefinitionMap& map) {
  std::vector<std::vector<int>> references;
  for (const v1::CalculatedValue& value : map.definition().values()) {
    std::vector<int>& of_value = references.emplace_back();
    for (absl::string_view field : DefinitionMap::FieldsOf(value)) {
      const std::vector<absl::string_view> parts = absl::StrSplit(field, '.');
      const int place = parts.size() == 2 && parts[0] == "value" ? map.Value(parts[1]) : -1;
      if (place >= 0) of_value.push_back(place);
    }
  }
  return references;
}

std::vector<std::vector<int>> CirclesIn(const std::vector<std::vector<int>>& references) {
  std::vector<std::vector<int>> circles;
  for (int start = 0; start < static_cast<int>(references.size()); ++start) {
    std::vector<int> circle = CircleFrom(start, references);
    if (!circle.empty()) circles.push_back(std::move(circle));
  }
  return circles;
}

}  // namespace canvass::surveys

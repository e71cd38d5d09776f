#include "client/cli/documents/nearest.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace canvass::cli {
namespace {

constexpr std::size_t kMaxListed = 20;

// How many letters must be added, taken away, changed or swapped with their neighbour.
std::size_t Distance(absl::string_view a, absl::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  std::iota(previous.begin(), previous.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, change});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) current[j] = std::min(current[j], before[j - 2] + 1);
    }
    before.swap(previous);
    previous.swap(current);
  }
  return previous[b.size()];
}

// displayName, display-name and Display_Name are all spelled display_name here.
std::string Normalized(absl::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (absl::ascii_isupper(name[i]) && i > 0 && absl::ascii_islower(name[i - 1])) text.push_back('_');
    text.push_back(name[i] == '-' ? '_' : absl::ascii_tolower(name[i]));
  }
  return text;
}

}  // namespace

std::string Nearest(absl::string_view name, absl::Span<const std::string> candidates) {
  const std::string wanted = Normalized(name);
  std::string nearest;
  // A third of the letters may be wrong, but not a whole short word.
  std::size_t best = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = Distance(wanted, Normalized(candidate));
    if (distance >= best || distance >= candidate.size()) continue;
    best = distance;
    nearest = candidate;
  }
  return nearest;
}

std::string Suggestion(absl::string_view name, absl::Span<const std::string> candidates) {
  const std::string nearest = Nearest(name, candidates);
  if (!nearest.empty()) return absl::StrCat("; did you mean '", nearest, "'?");
  if (candidates.empty()) return "";
  std::vector<std::string> sorted(candidates.begin(), candidates.end());
  std::sort(sorted.begin(), sorted.end());
  const bool cut = sorted.size() > kMaxListed;
  if (cut) sorted.resize(kMaxListed);
  return absl::StrCat("; known: ", absl::StrJoin(sorted, ", "), cut ? ", ..." : "");
}

}  // namespace canvass::cli

#include "server/metrics/series.h"

#include "absl/strings/str_cat.h"
#include "server/surveys/versions/series_identity.h"

namespace canvass::metrics {

std::string SeriesOf(const v1::Question& question) {
  return absl::StrCat(question.key(), ":", surveys::SeriesIdentity(question));
}

int32_t OptionValue(absl::string_view option_key) {
  uint64_t hash = 14695981039346656037ULL;
  for (char c : option_key) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211ULL;
  }
  return static_cast<int32_t>((hash ^ (hash >> 32)) & 0x7fffffff);
}

}  // namespace canvass::metrics

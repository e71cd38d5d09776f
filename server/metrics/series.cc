#include "server/metrics/series.h"

#include "absl/strings/str_cat.h"
#include "server/surveys/versions/series_identity.h"

namespace canvass::metrics {

std::string SeriesOf(const v1::Question& question) {
  return absl::StrCat(question.key(), ":", surveys::SeriesIdentity(question));
}

}  // namespace canvass::metrics

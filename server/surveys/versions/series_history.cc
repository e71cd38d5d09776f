#include "server/surveys/versions/series_history.h"

#include <utility>

#include "server/surveys/versions/series_identity.h"

namespace canvass::surveys {

void SeriesHistory::AddVersion(const v1::SurveyDefinition& definition) {
  ++versions_;
  for (const v1::Question& question : definition.questions()) {
    std::string series = SeriesIdentity(question);
    if (series.empty()) continue;
    std::vector<Run>& runs = runs_[question.key()];
    if (!runs.empty() && runs.back().last + 1 >= versions_ && runs.back().series == series) {
      runs.back().last = versions_;
    } else {
      bytes_ += sizeof(Run) + question.key().size();
      runs.push_back({.first = versions_, .last = versions_, .series = std::move(series)});
    }
  }
}

int SeriesHistory::LastVersionOf(absl::string_view question) const {
  const auto found = runs_.find(question);
  return found == runs_.end() ? 0 : found->second.back().last;
}

SeriesVersions SeriesHistory::VersionsOf(absl::string_view question, absl::string_view series) const {
  SeriesVersions versions;
  const auto found = runs_.find(question);
  if (found == runs_.end()) return versions;
  for (const Run& run : found->second) {
    std::vector<int>& list = run.series == series ? versions.same : versions.other;
    for (int version = run.first; version <= run.last; ++version) list.push_back(version);
  }
  return versions;
}

}  // namespace canvass::surveys

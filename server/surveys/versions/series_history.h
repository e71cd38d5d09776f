// Which versions of a survey ask which question in which series: what a metric needs of all versions, without keeping
// their definitions.
//
//   SeriesHistory history;
//   history.AddVersion(definition);                // of version 1, then 2, …
//   history.VersionsOf("overall", "csat5")         {.same = {1, 2}, .other = {3}}
//
// Not thread-safe while versions are added.
#ifndef CANVASS_SERVER_SURVEYS_VERSIONS_SERIES_HISTORY_H_
#define CANVASS_SERVER_SURVEYS_VERSIONS_SERIES_HISTORY_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/survey.pb.h"

namespace canvass::surveys {

// Ascending.
struct SeriesVersions {
  std::vector<int> same;   // ask the question in that series
  std::vector<int> other;  // ask it in another
};

class SeriesHistory {
 public:
  // The definition of version versions() + 1.
  void AddVersion(const v1::SurveyDefinition& definition);

  // How many versions were added.
  int versions() const { return versions_; }
  // The last of them that asks the question, 0 if none does.
  int LastVersionOf(absl::string_view question) const;
  SeriesVersions VersionsOf(absl::string_view question, absl::string_view series) const;

  // What it takes in memory, roughly.
  std::size_t bytes() const { return bytes_; }

 private:
  // Versions in a row that ask a question in one series: mostly all of them.
  struct Run {
    int first;
    int last;
    std::string series;
  };

  int versions_ = 0;
  std::size_t bytes_ = sizeof(SeriesHistory);
  absl::flat_hash_map<std::string, std::vector<Run>> runs_;  // by question
};

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_VERSIONS_SERIES_HISTORY_H_

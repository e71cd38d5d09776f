// One survey's part of a CellBatch: interns series and combinations of breakdowns as small numbers, so that counting an
// answer is one lookup by four integers, and hashes no text twice.
//
// Not thread-safe. Keeps no reference to what is added.
#ifndef CANVASS_SERVER_METRICS_SURVEY_CELLS_H_
#define CANVASS_SERVER_METRICS_SURVEY_CELLS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "canvass/v1/invitation.pb.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/metrics/dimension.h"

namespace canvass::metrics {

class SurveyCells {
 public:
  // Counts one value of every question that takes answers. One that the survey's logic did not show to the respondent
  // is neither missing nor dismissed, and not counted.
  void AddResponse(const v1::SurveyDefinition& definition, const v1::Response& response, int64_t day, int64_t sign);
  // Counts `value` in a series of invitations.
  void AddInvitation(const v1::SurveyDefinition& definition, const v1::Invitation& invitation, absl::string_view series,
                     int64_t day, int32_t value, int64_t sign);

  struct DimensionRow {
    std::string key;
    std::shared_ptr<const Dimension> dimension;
  };
  // Every combination met, sorted by key.
  std::vector<const DimensionRow*> SortedDimensions() const;

  struct CellRow {
    const std::string* series;
    int32_t day;
    const std::string* dimension_key;
    int32_t value;
    int64_t total;
  };
  // Every cell whose total is not 0, sorted by series, day, dimension key and value. Valid until the next Add.
  std::vector<CellRow> SortedCells() const;

  std::size_t cell_count() const { return totals_.size(); }

 private:
  static constexpr int kNoSeries = -1;
  struct QuestionPlan {
    std::string key;
    int kind;    // KindCode
    int series;  // or kNoSeries
  };
  // What must be known of a definition to count by it, worked out once.
  struct Plan {
    std::vector<std::string> breakdowns;  // as declared
    std::vector<std::string> paths;       // sorted, each once
    std::vector<QuestionPlan> questions;
    absl::flat_hash_map<std::string, int> question_of_key;
    absl::flat_hash_map<std::string, int> dimension_of_texts;
  };
  struct CellId {
    int32_t series;
    int32_t day;
    int32_t dimension;
    int32_t value;
    friend bool operator==(const CellId&, const CellId&) = default;
    template <typename H>
    friend H AbslHashValue(H h, const CellId& id) {
      return H::combine(std::move(h), id.series, id.day, id.dimension, id.value);
    }
  };

  Plan& PlanOf(const v1::SurveyDefinition& definition);
  static bool Fits(const Plan& plan, const v1::SurveyDefinition& definition);
  int SeriesNumber(absl::string_view series);
  template <typename Subject>
  int DimensionNumber(Plan& plan, const Subject& subject);
  void FindAnswers(const Plan& plan, const v1::Response& response);
  // By place, after FindAnswers: which unanswered questions were not shown. Empty if there are none.
  std::vector<bool> HiddenQuestions(const Plan& plan, const v1::SurveyDefinition& definition,
                                    const v1::Response& response) const;
  void Count(const CellId& cell, int64_t count) { totals_[cell] += count; }
  void CountAnswer(CellId cell, const v1::Answer* answer, int64_t sign);

  std::vector<std::unique_ptr<Plan>> plans_;  // of the versions met: one, rarely two
  std::vector<std::string> series_;
  absl::flat_hash_map<std::string, int> series_numbers_;
  std::vector<DimensionRow> dimensions_;
  absl::flat_hash_map<std::string, int> dimension_numbers_;  // by key
  absl::flat_hash_map<CellId, int64_t> totals_;
  // Reused from one response to the next.
  std::vector<const v1::Answer*> answers_;
  std::string texts_;
};

}  // namespace canvass::metrics

#endif  // CANVASS_SERVER_METRICS_SURVEY_CELLS_H_

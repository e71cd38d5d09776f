#include "server/metrics/cell_batch.h"

#include <algorithm>

#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/metrics/dimension.h"
#include "server/metrics/dimension_cache.h"
#include "server/metrics/formulas/time_histogram.h"
#include "server/metrics/series.h"
#include "server/metrics/survey_cells.h"

namespace canvass::metrics {

CellBatch::CellBatch(DimensionCache* cache) : cache_(cache) {}
CellBatch::~CellBatch() = default;
CellBatch::CellBatch(CellBatch&&) noexcept = default;
CellBatch& CellBatch::operator=(CellBatch&&) noexcept = default;

void CellBatch::AddResponse(const TenantScope& scope, const SurveyId& survey, const v1::SurveyDefinition& definition,
                            const v1::Response& response, int64_t sign) {
  const int64_t day = LocalDay(FromProto(response.answer_time()), scope.time_zone());
  PartOf(scope, survey).AddResponse(definition, response, day, sign);
}

void CellBatch::AddStage(const TenantScope& scope, const SurveyId& survey, const v1::SurveyDefinition& definition,
                         const v1::Invitation& invitation, InvitationStage stage, absl::Time stage_day_time,
                         int64_t sign) {
  PartOf(scope, survey)
      .AddInvitation(definition, invitation, kStageSeries, LocalDay(stage_day_time, scope.time_zone()),
                     static_cast<int32_t>(stage), sign);
}

void CellBatch::AddTimeToAnswer(const TenantScope& scope, const SurveyId& survey,
                                const v1::SurveyDefinition& definition, const v1::Invitation& invitation,
                                absl::Duration time_to_answer, absl::Time deliver_time) {
  PartOf(scope, survey)
      .AddInvitation(definition, invitation, kTimeSeries, LocalDay(deliver_time, scope.time_zone()),
                     TimeBucket(time_to_answer), 1);
}

absl::Status CellBatch::Write(mysql::Transaction& tx, int slot) const {
  const std::vector<Part> parts = SortedParts();
  mysql::Params dimensions;
  mysql::Params cells;
  for (const auto& [tenant, survey, part] : parts) {
    for (const SurveyCells::DimensionRow* row : part->SortedDimensions()) {
      if (cache_ != nullptr && cache_->Find(*tenant, *survey, row->key) != nullptr) continue;
      dimensions.Add(*tenant).Add(*survey).Add(row->key).Add(DimensionPayload(*row->dimension));
    }
    for (const SurveyCells::CellRow& row : part->SortedCells()) {
      cells.Add(*tenant).Add(*survey).Add(*row.series).Add(row.day).Add(*row.dimension_key).Add(row.value);
      cells.Add(slot).Add(row.total);
    }
  }
  // A row that another writer put there meanwhile stays as it is: the key is a digest of the payload.
  CANVASS_RETURN_IF_ERROR(
      tx.InsertRows("INSERT INTO metric_dimensions (tenant_id, survey_id, dimension_key, payload) VALUES", 4,
                    dimensions, "ON DUPLICATE KEY UPDATE payload = payload"));
  return tx.InsertRows(
      "INSERT INTO metric_cells (tenant_id, survey_id, series, day, dimension_key, value, slot, total) VALUES", 8,
      cells, "ON DUPLICATE KEY UPDATE total = total + VALUES(total)");
}

void CellBatch::MarkCommitted() const {
  if (cache_ == nullptr) return;
  for (const auto& [tenant, survey, part] : SortedParts()) {
    for (const SurveyCells::DimensionRow* row : part->SortedDimensions()) {
      cache_->Add(*tenant, *survey, row->key, row->dimension);
    }
  }
}

std::size_t CellBatch::cell_count() const {
  std::size_t count = 0;
  for (const auto& [key, part] : parts_) count += part->cell_count();
  return count;
}

std::vector<CellBatch::Cell> CellBatch::Cells() const {
  std::vector<Cell> cells;
  for (const auto& [tenant, survey, part] : SortedParts()) {
    for (const SurveyCells::CellRow& row : part->SortedCells()) {
      cells.push_back({*tenant, *survey, *row.series, row.day, *row.dimension_key, row.value, row.total});
    }
  }
  return cells;
}

SurveyCells& CellBatch::PartOf(const TenantScope& scope, const SurveyId& survey) {
  std::unique_ptr<SurveyCells>& part = parts_[std::pair(scope.tenant(), survey)];
  if (part == nullptr) part = std::make_unique<SurveyCells>();
  return *part;
}

std::vector<CellBatch::Part> CellBatch::SortedParts() const {
  std::vector<Part> parts;
  for (const auto& [key, cells] : parts_) parts.push_back({&key.first, &key.second, cells.get()});
  std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
    return std::tie(*a.tenant, *a.survey) < std::tie(*b.tenant, *b.survey);
  });
  return parts;
}

}  // namespace canvass::metrics

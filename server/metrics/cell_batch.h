// Folds responses and invitations into metric cells and writes them, in the transaction that stores what was folded: so
// cells are always equal to a recount.
//
//   CellBatch cells(&dimension_cache);
//   for (const Item& item : items) cells.AddResponse(item.scope, item.survey, item.definition, item.response);
//   absl::Status status = database.Write(scope, [&](Transaction& tx) { …; return cells.Write(tx, slot); });
//   if (status.ok()) cells.MarkCommitted();
//
// A cell counts how many answers of one value fell on one local day of the tenant, for one combination of the survey's
// breakdowns. Every question that a respondent was shown gets a count: its values, or kMissing, or kDismissed.
//
// May hold several tenants and surveys. Write() changes nothing of the batch, so a transaction that is run again writes
// the same. Not thread-safe. Keeps no reference to what is added.
#ifndef CANVASS_SERVER_METRICS_CELL_BATCH_H_
#define CANVASS_SERVER_METRICS_CELL_BATCH_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/invitation.pb.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::metrics {

class DimensionCache;
class SurveyCells;

// How far an invitation came. Delivered, answered, dismissed and bounced count on the local day of delivery, scheduled
// on the day it was due.
enum class InvitationStage { kScheduled = 1, kDelivered = 2, kAnswered = 3, kDismissed = 4, kBounced = 5 };

class CellBatch {
 public:
  // With a cache, combinations of breakdowns that it holds are not written again. Without one (tests, rare writes) they
  // are written every time, which is right but slower. The cache must outlive the batch.
  explicit CellBatch(DimensionCache* cache = nullptr);
  ~CellBatch();
  CellBatch(CellBatch&&) noexcept;
  CellBatch& operator=(CellBatch&&) noexcept;

  // Counts `response`, answered at its answer_time to `definition`; with sign -1 takes back what was counted before.
  // Answers to keys that the definition does not have are not counted: validation has refused them.
  void AddResponse(const TenantScope& scope, const SurveyId& survey, const v1::SurveyDefinition& definition,
                   const v1::Response& response, int64_t sign = 1);

  // Counts that `invitation` reached `stage`, on the local day of `stage_day_time`; with sign -1 takes that back.
  void AddStage(const TenantScope& scope, const SurveyId& survey, const v1::SurveyDefinition& definition,
                const v1::Invitation& invitation, InvitationStage stage, absl::Time stage_day_time, int64_t sign = 1);

  // Counts that `invitation`, delivered at `deliver_time`, was answered after `time_to_answer`; a negative one is 0.
  void AddTimeToAnswer(const TenantScope& scope, const SurveyId& survey, const v1::SurveyDefinition& definition,
                       const v1::Invitation& invitation, absl::Duration time_to_answer, absl::Time deliver_time);

  // Writes first the combinations of breakdowns that are new, then the cells, both sorted by primary key, so that two
  // writers lock rows in one order. `slot` (0 to 32767) is the writer's own: two writers of one slot are right as well,
  // but wait for each other. Errors are those of the transaction.
  absl::Status Write(mysql::Transaction& tx, int slot) const;

  // Call once the transaction of Write() is known to be committed: from then on the cache holds its combinations.
  void MarkCommitted() const;

  bool empty() const { return cell_count() == 0; }
  // How many cells Write() upserts at most.
  std::size_t cell_count() const;

  // One cell, for comparisons (recount, tests).
  struct Cell {
    TenantId tenant;
    SurveyId survey;
    std::string series;
    int64_t day;
    std::string dimension_key;  // 16 bytes
    int32_t value;
    int64_t total;
  };
  // All cells whose total is not 0, sorted by primary key.
  std::vector<Cell> Cells() const;

 private:
  struct Part {
    const TenantId* tenant;
    const SurveyId* survey;
    const SurveyCells* cells;
  };

  SurveyCells& PartOf(const TenantScope& scope, const SurveyId& survey);
  std::vector<Part> SortedParts() const;

  DimensionCache* cache_;
  absl::flat_hash_map<std::pair<TenantId, SurveyId>, std::unique_ptr<SurveyCells>> parts_;
};

}  // namespace canvass::metrics

#endif  // CANVASS_SERVER_METRICS_CELL_BATCH_H_

#include "server/responses/quotas/quota_counts.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"

namespace canvass::responses {

bool IsLimited(const Submission& item) {
  if (!item.refusal.ok() || item.version == nullptr) return false;
  // Which quotas it counts towards is known once it is valid.
  const bool has_quotas = item.valid ? !item.quotas.empty() : !item.version->definition().quotas().empty();
  return has_quotas || item.max_responses > 0;
}

void QuotaCounts::Expect(const Submission& item) {
  if (!IsLimited(item)) return;
  for (const v1::Quota& quota : item.version->definition().quotas()) {
    counters_.try_emplace(std::make_pair(item.survey, quota.key()));
  }
  if (item.max_responses > 0) counters_.try_emplace(std::make_pair(item.survey, std::string(kResponsesCounter)));
}

absl::Status QuotaCounts::Take(const Submission& item) {
  if (counters_.empty()) return absl::OkStatus();
  if (absl::Status room = CheckRoom(item); !room.ok()) return room;
  for (int place : item.quotas) ++Find(item, item.version->definition().quotas(place).key())->total;
  // Counted as well if the item itself was sent before there was a maximum.
  if (Counter* all = Find(item, kResponsesCounter); all != nullptr) {
    ++all->total;
    all->last_response = std::max(all->last_response, item.id);
  }
  return absl::OkStatus();
}

absl::Status QuotaCounts::CheckRoom(const Submission& item) {
  if (item.max_responses > 0 && Find(item, kResponsesCounter)->total >= item.max_responses) {
    return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_SURVEY_CLOSED,
                 absl::StrCat("survey '", item.survey.value(), "' has the ", item.max_responses,
                              " responses that it takes, and takes no more"));
  }
  for (int place : item.quotas) {
    const v1::Quota& quota = item.version->definition().quotas(place);
    if (Find(item, quota.key())->total < quota.limit()) continue;
    return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_QUOTA_FULL,
                 absl::StrCat("the response counts towards quota '", quota.key(), "' of survey '", item.survey.value(),
                              "', which has the ", quota.limit(), " responses that it takes"));
  }
  return absl::OkStatus();
}

Counter* QuotaCounts::Find(const Submission& item, absl::string_view key) {
  const auto counter = counters_.find(std::make_pair(item.survey, std::string(key)));
  return counter == counters_.end() ? nullptr : &counter->second;
}

}  // namespace canvass::responses

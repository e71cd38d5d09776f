#include "server/responses/watching/response_feed.h"

#include <utility>

#include "server/base/status_macros.h"

namespace canvass::responses {

absl::StatusOr<absl::flat_hash_map<Uuid, distribution::Changed<ResponseChanges::Item>>> ResponseChanges::Read(
    const std::vector<ResponsePosition>& changes) {
  std::vector<Uuid> ids;
  ids.reserve(changes.size());
  for (const ResponsePosition& change : changes) ids.push_back(change.key);
  CANVASS_ASSIGN_OR_RETURN(std::vector<ChangedResponse> rows, store_->GetMany(scope_, ids));
  absl::flat_hash_map<Uuid, distribution::Changed<Item>> found;
  for (ChangedResponse& row : rows) {
    distribution::Changed<Item>& one = found[row.id];
    one.change_time = row.change_time;
    if (!Selects(row)) continue;
    Item& item = one.items.emplace_back();
    item.set_erased(row.erased);
    *item.mutable_response() = std::move(row.response);
  }
  return found;
}

bool ResponseChanges::Selects(const ChangedResponse& changed) const {
  if (selection_.survey.has_value() && changed.survey != *selection_.survey) return false;
  // Whether it passed before it was erased is not known any more.
  return changed.erased || selection_.filter.Passes(changed.response);
}

}  // namespace canvass::responses

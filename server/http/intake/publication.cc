#include "server/http/intake/publication.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/strip.h"
#include "server/base/status_macros.h"
#include "server/http/intake/problem.h"

namespace canvass::http {
namespace {

using nlohmann::ordered_json;

// As long as a call of gRPC without a deadline of its own.
constexpr absl::Duration kDeadline = absl::Seconds(20);

// The short name of an outcome, in the way of reasons: "ACCEPTED".
std::string OutcomeName(v1::EventResult::Outcome outcome) {
  const std::string& name = v1::EventResult::Outcome_Name(outcome);
  return std::string(absl::StripPrefix(name, "OUTCOME_"));
}

ordered_json ItemJson(const Item& item) {
  ordered_json json;
  json["id"] = item.id;
  if (!item.ignored.empty()) {
    json["outcome"] = "IGNORED";
    json["detail"] = item.ignored;
    return json;
  }
  const v1::EventResult& result = item.result;
  json["outcome"] = OutcomeName(result.outcome());
  if (result.has_problem()) {
    json["problem"] = ProblemJson(result.problem());
  } else {
    json["event"] = result.event();
    json["invitations"] = result.invitations();
  }
  return json;
}

}  // namespace

absl::Status Publish(const IntakeParts& parts, const TenantScope& scope, std::vector<Item>& items) {
  v1::PublishEventsRequest request;
  request.set_parent("tenants/-");
  std::vector<Item*> sent;
  for (Item& item : items) {
    if (!item.refusal.ok()) {
      item.result.set_outcome(v1::EventResult::OUTCOME_REFUSED);
      *item.result.mutable_problem() = ToProblem(item.refusal);
    }
    if (!item.event.has_value()) continue;
    sent.push_back(&item);
    *request.add_events() = *std::move(item.event);
    if (item.contact.has_value()) *request.add_contacts() = *std::move(item.contact);
  }
  if (sent.empty()) return absl::OkStatus();
  CANVASS_ASSIGN_OR_RETURN(v1::PublishEventsResponse response,
                           parts.publish(scope, request, parts.clock.Now() + kDeadline));
  const std::size_t answered = std::min(sent.size(), static_cast<std::size_t>(response.results_size()));
  for (std::size_t i = 0; i < answered; ++i) {
    sent[i]->result = std::move(*response.mutable_results(static_cast<int>(i)));
  }
  return absl::OkStatus();
}

bool AnyStored(const std::vector<Item>& items) {
  return std::any_of(items.begin(), items.end(), [](const Item& item) {
    return item.result.outcome() == v1::EventResult::OUTCOME_ACCEPTED ||
           item.result.outcome() == v1::EventResult::OUTCOME_DUPLICATE;
  });
}

ordered_json ResultsJson(const std::vector<Item>& items) {
  ordered_json results = ordered_json::array();
  for (const Item& item : items) results.push_back(ItemJson(item));
  return {{"results", std::move(results)}};
}

}  // namespace canvass::http

#include "server/events/backtest/customers.h"

#include <utility>

#include "server/base/status_macros.h"

namespace canvass::events {
namespace {

// Contacts, with all they have, that are in memory at a time.
constexpr std::size_t kAtOnce = 1024;

}  // namespace

absl::StatusOr<absl::flat_hash_map<ContactId, v1::Contact>> Customers::LookUp(
    const absl::flat_hash_set<ContactId>& ids) {
  const std::vector<ContactId> wanted(ids.begin(), ids.end());
  absl::flat_hash_map<ContactId, v1::Contact> found;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope_, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(found, contacts_.GetMany(tx, scope_, wanted));
    return absl::OkStatus();
  }));
  return found;
}

absl::Status Customers::Meet(const absl::flat_hash_set<ContactId>& ids, absl::Span<Replay* const> replays) {
  std::vector<ContactId> unknown;
  for (const ContactId& id : ids) {
    if (!customers_.contains(id)) unknown.push_back(id);
  }
  for (std::size_t i = 0; i < unknown.size(); i += kAtOnce) {
    CANVASS_RETURN_IF_ERROR(MeetSome(absl::MakeConstSpan(unknown).subspan(i, kAtOnce), replays));
  }
  return absl::OkStatus();
}

absl::Status Customers::MeetSome(absl::Span<const ContactId> ids, absl::Span<Replay* const> replays) {
  std::vector<v1::Contact> contacts(ids.size());
  std::vector<const v1::Contact*> pointers;
  std::vector<std::vector<v1::Suppression>> suppressions;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope_, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(auto known, contacts_.GetMany(tx, scope_, ids));
    pointers.clear();
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto found = known.find(ids[i]);
      if (found != known.end()) contacts[i] = std::move(found->second);
      // One of whom nothing else is known is a contact of its id alone.
      if (contacts[i].external_id().empty()) contacts[i].set_external_id(ids[i].value());
      pointers.push_back(&contacts[i]);
    }
    CANVASS_ASSIGN_OR_RETURN(suppressions, suppressions_.FindMany(tx, scope_, pointers));
    return absl::OkStatus();
  }));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    Customer& customer = customers_[ids[i]];
    customer.zone = ZoneOf(contacts[i]);
    for (std::size_t rule = 0; rule < replays.size(); ++rule) {
      replays[rule]->Meet(contacts[i], suppressions[i], customer.of_rule[rule]);
    }
  }
  return absl::OkStatus();
}

const v1::Contact* Customers::ZoneOf(const v1::Contact& contact) {
  std::unique_ptr<const v1::Contact>& zone = zones_[contact.time_zone()];
  if (zone == nullptr) {
    auto only_zone = std::make_unique<v1::Contact>();
    only_zone->set_time_zone(contact.time_zone());
    zone = std::move(only_zone);
  }
  return zone.get();
}

int64_t Customers::CountAsked(std::size_t rule) const {
  int64_t asked = 0;
  for (const auto& [id, customer] : customers_) asked += customer.of_rule[rule].asked.empty() ? 0 : 1;
  return asked;
}

}  // namespace canvass::events

#include "server/rpc/orchestration/contact_service.h"

#include "canvass/v1/contact_service.pb.h"
#include "server/contacts/batch_upsert_contacts.h"
#include "server/contacts/get_contact.h"
#include "server/contacts/merging/merge_contacts.h"
#include "server/contacts/upsert_contact.h"

namespace canvass::rpc {

std::unique_ptr<RpcService> MakeContactService(CallPipeline& pipeline, const Rooms& rooms) {
  auto service = std::make_unique<RpcService>("canvass.v1.ContactService", pipeline);
  service->Blocking<v1::UpsertContactRequest>("UpsertContact", [&rooms](const Call& call, const auto& request) {
    return contacts::UpsertContact(rooms.contacts, rooms.clock, call.scope(), request);
  });
  service->Blocking<v1::BatchUpsertContactsRequest>(
      "BatchUpsertContacts", [&rooms](const Call& call, const auto& request) {
        return contacts::BatchUpsertContacts(rooms.contacts, rooms.clock, call.scope(), request);
      });
  service->Blocking<v1::GetContactRequest>("GetContact", [&rooms](const Call& call, const auto& request) {
    return contacts::GetContact(rooms.contacts, call.scope(), request);
  });
  service->Blocking<v1::ListContactsRequest>("ListContacts", [&rooms](const Call& call, const auto& request) {
    return contacts::ListContacts(rooms.contacts, call.scope(), request);
  });
  service->Blocking<v1::MergeContactsRequest>("MergeContacts", [&rooms](const Call& call, const auto& request) {
    return contacts::MergeContacts(rooms.contacts, rooms.clock, call.scope(), request);
  });
  return service;
}

}  // namespace canvass::rpc

// A valid request for every method of the contract, and which of its fields name a resource: from these the isolation
// tests generate their cases, so that a new method is covered as soon as it exists.
#ifndef CANVASS_TESTS_ISOLATION_SAMPLE_REQUESTS_H_
#define CANVASS_TESTS_ISOLATION_SAMPLE_REQUESTS_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <memory>
#include <string>
#include <vector>

namespace canvass::isolation {

// Real resources of one tenant.
struct Resources {
  std::string tenant;
  std::string api_key;
  std::string survey;
  std::string survey_version;
  std::string contact;
  std::string event;
  std::string segment;
  std::string suppression;
  std::string trigger;
  std::string decision;
  std::string invitation;
  std::string invitation_token;
  std::string event_source;
  std::string outbox_message;
  std::string survey_link;
  std::string response;
  std::string operation;
};

// Every method of every service of canvass.v1.
std::vector<const google::protobuf::MethodDescriptor*> AllMethods();

// A request that `resources`' own admin may send.
std::unique_ptr<google::protobuf::Message> SampleRequest(const google::protobuf::MethodDescriptor& method,
                                                         const Resources& resources);

// The paths of `request` that hold a name (or token) of a resource and count for the server: "parent",
// "trigger.survey".
std::vector<std::string> NamePaths(const google::protobuf::Message& request);

// Puts into `path` of `request` what `resources` has of that kind.
void SetName(google::protobuf::Message& request, const std::string& path, const Resources& resources);

}  // namespace canvass::isolation

#endif  // CANVASS_TESTS_ISOLATION_SAMPLE_REQUESTS_H_

// Who makes a call, as the Authenticator found out: the operator, or a program with a tenant's key.
//
// A plain value. Thread-safe.
#ifndef CANVASS_TENANTS_PRINCIPAL_H_
#define CANVASS_TENANTS_PRINCIPAL_H_

#include <cstdint>
#include <optional>
#include <string>

#include "canvass/v1/api_key.pb.h"
#include "canvass/v1/tenant.pb.h"
#include "server/base/tenant_scope.h"

namespace canvass::tenants {

// A set of those who may call a method: roles of tenants' keys, and the operator.
class Callers {
 public:
  static const Callers kOperator;
  static const Callers kAdmin;
  static const Callers kEditor;
  static const Callers kAnalyst;
  static const Callers kIngest;

  // The caller with a key of `role`; nobody for an unknown role.
  static constexpr Callers OfRole(v1::ApiKey::Role role) {
    return role == v1::ApiKey::ROLE_UNSPECIFIED ? Callers(0) : Callers(static_cast<uint8_t>(1u << role));
  }

  friend constexpr Callers operator|(Callers a, Callers b) { return Callers(a.bits_ | b.bits_); }
  friend constexpr bool operator==(Callers a, Callers b) = default;
  constexpr bool Includes(Callers other) const { return other.bits_ != 0 && (bits_ & other.bits_) == other.bits_; }

 private:
  explicit constexpr Callers(uint8_t bits) : bits_(bits) {}
  uint8_t bits_;
};

inline constexpr Callers Callers::kOperator = Callers(1);
inline constexpr Callers Callers::kAdmin = Callers::OfRole(v1::ApiKey::ROLE_ADMIN);
inline constexpr Callers Callers::kEditor = Callers::OfRole(v1::ApiKey::ROLE_EDITOR);
inline constexpr Callers Callers::kAnalyst = Callers::OfRole(v1::ApiKey::ROLE_ANALYST);
inline constexpr Callers Callers::kIngest = Callers::OfRole(v1::ApiKey::ROLE_INGEST);

struct Principal {
  // What a key makes of a call. The operator has none.
  struct Key {
    TenantScope scope;
    v1::Tenant::State tenant_state;
    v1::ApiKey::Role role;
    std::string key_id;
  };
  std::optional<Key> key;

  bool is_operator() const { return !key.has_value(); }
  Callers caller() const { return key.has_value() ? Callers::OfRole(key->role) : Callers::kOperator; }
};

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_PRINCIPAL_H_

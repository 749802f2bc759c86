#pragma once

#include <memory>
#include <string>
#include <vector>

#include "controller/net/http_client.h"
#include "reconcilers/ports/directus.h"

namespace reconcile::directus {

struct InstancesOptions {
  std::vector<net::Server> servers;
  std::string token;                    ///< of an admin
  std::string certificate_authorities;  ///< PEM, besides those of the system
  net::HttpLimits limits = {};
};

/// The running Directus servers of one target, by their REST API.
std::unique_ptr<Instances> instances(InstancesOptions options);

}  // namespace reconcile::directus

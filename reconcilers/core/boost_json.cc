// Boost.JSON compiled here, once, from its headers: one package less to install.
#include <boost/json/src.hpp>

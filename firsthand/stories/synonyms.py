"""Words that mean much the same to somebody who looks for a business or technology story.

General language of the field, fitted to no set of stories. Each line is one idea; what stands in a line counts as a
weaker sighting of its neighbors (`text.SYNONYM`). In `a > b, c` whoever looks for a finds b and c, but not the other way
round. Several words in a row are one phrase, found only as written.
"""

import re
from functools import cache

GROUPS = """
cost, costs, saving, savings, save money, bill, spend, spending, budget, cheaper, cheap, expensive, expense, afford, opex, capex,
    TCO, price, money
cut, reduce, reduction, lower, decrease, save, fewer, drop, shrink
increase, improve, improvement, raise, boost, gain
half, halve, 50 percent, 50%
fast, faster, quick, quickly, rapid, speed, velocity, accelerate, shorten, time to market, quicker, agility, agile
slow, bottleneck, delay, wait, latency
release, deploy, deployment, ship, rollout, roll out, continuous delivery, continuous deployment, continuous integration, CI/CD,
    CI CD, pipeline
scale, scaling, scalable, scalability, autoscale, autoscaling, elastic, elasticity, growth, grow
peak, spike, burst, surge, seasonal, season, busy, busiest, traffic, Black Friday, Cyber Monday, Singles Day, high load, holiday
uptime, availability, available, outage, downtime, reliable, reliability, resilience, resilient, fault tolerant, self healing,
    failover, stable, stability
disaster recovery, failover, backup, redundancy, disaster
security, secure, securely, vulnerability, vulnerabilities, attack, threat, encrypt, encryption, protect, protection, trust, trusted,
    cybersecurity
supply chain > provenance, signing, signed, notary, TUF, SBOM, tamper, image trust, attestation
sign, signing, signature, signed, notary, TUF, image trust, attestation
compliance, compliant, regulation, regulatory, regulated, regulator, audit, auditor, legal requirements, governance, GDPR, HIPAA,
    PSD2, PCI, law
privacy, personal data, GDPR, data protection, confidential, sensitive
machine learning, artificial intelligence, AI, ML, deep learning, GPU, GPUs, neural network, TensorFlow, training models,
    model training, data science, Kubeflow
data science, analytics, big data, Spark, Hadoop, data scientist, data scientists, notebook, MapReduce, data processing, data pipeline
AWS, Amazon, Amazon Web Services, EC2, S3, EKS
Google Cloud, GCP, GKE, Google Cloud Platform, Google Container Engine, Google Kubernetes Engine
Azure, AKS, Microsoft Azure
public cloud > AWS, Azure, Google Cloud, GCP
hybrid cloud, multi cloud, multicloud, hybrid, cloud agnostic, portability, portable, vendor lock in, lock in, vendor neutral,
    multiple clouds
on premise, on premises, on prem, own data center, private cloud, bare metal, OpenStack, own servers, in house
data center, data centers, datacenter, data centre, data centres
migrate, migration, move, moving, switch, transition, transfer, replatform
modernize, modernization, modernise, modernisation, legacy, transformation, outdated, mainframe, AS 400, old, rewrite, decade old
monolith, monolithic, microservice, microservices, micro services, service oriented, SOA, decompose, break up
monitor, monitoring, observability, tracing, metrics, logging, alerting, Prometheus, Grafana, Jaeger, OpenTracing, Fluentd,
    telemetry, visibility
troubleshoot, debug, debugging, root cause, pinpoint, diagnose, tracing
developer productivity, productivity, productive, developer experience, developer velocity, self service, self serve
self service, self serve, on demand, instantaneous, portal
onboard, onboarding, ramp up, new hires, new engineers
hire, hiring, recruit, recruiting, attract, talent, retain, retention, recruitment
morale, happy, happier, culture, satisfaction, motivation
small team > few engineers, lean team, one person, single engineer, small company, startup, start up
small company > small team, startup, start up
startup, start up, young company, founded, early stage
training, learning curve, skills, educate, workshop, expertise, upskill
culture, organizational change, change management, mindset, DevOps, collaboration, silo, silos, siloed, autonomy, autonomous teams
DevOps, site reliability, SRE, operations, ops
utilization, utilisation, efficient, efficiency, capacity, idle, density, bin packing
resource, resources, compute, computing, capacity
VM, VMs, virtual machine, virtual machines, VMware, hypervisor, virtualization
container, containers, containerize, containerization, Docker, containerized, rkt
service mesh, mesh > Istio, Envoy, Linkerd, service mesh
load balancer, load balancing, proxy, ingress
orchestration, orchestrator > orchestration, orchestrator, Mesos, Swarm, Nomad, OpenShift
PaaS, platform as a service > Heroku, Engine Yard, Elastic Beanstalk, OpenShift, Cloud Foundry
serverless, Lambda, functions, Knative, event driven
database, databases, stateful, storage, persistent > database, stateful,
    storage, persistent, MySQL, Postgres, PostgreSQL, Cassandra, SQL, NoSQL, persistent
edge, IoT, internet of things, devices, connected devices, sensors, embedded, vehicle
smart home, home automation, connected home, hub
mobile, app, mobile app, iOS, Android, smartphone
streaming, stream, video, audio, live, broadcast, live TV
real time, low latency, realtime, instantly, milliseconds
latency, response time, load time, page load, performance, slow
multi tenant, multitenant, tenant, tenants, isolation, namespace, segregate
global, worldwide, international, multiple regions, multi region, geographically, countries, expansion, around the world
expand, expansion, new countries, new markets, international
open source, contribute, contribution, community, upstream, contributor
game, games, gaming, gamer, player, players
payment, payments, transaction, transactions, checkout
customer experience, user experience, customer satisfaction, end users, delight
sustainability, sustainable, green, carbon, energy, climate, environmental, heat, renewable
website, web, site, portal, online, web site
e commerce, ecommerce, online shop, online store, shop, shopping, online retail, webshop, marketplace
bank, banking, banks, lender, loan, loans
insurance, insurer, insurers, policyholder
hospital, medical, patient, patients, clinical, healthcare, health care, doctor, health
government, federal, agency, agencies, public sector, municipal, city, citizens, civic
school, schools, classroom, student, students, teacher, teachers, education, learner, learners, back to school
research, scientist, scientists, physics, experiment, experiments, laboratory, researcher, researchers
fashion, clothes, clothing, apparel, shoes, sportswear, garment, sneaker
grocery, groceries, supermarket, food, warehouse
warehouse, warehouses, fulfilment, fulfillment, robots, robot, robotics, logistics
car, cars, vehicle, vehicles, automotive, automobile, driving
travel, flight, flights, booking, hotel, hotels, trip, airline, airlines, tourism, travelers
newspaper, news, journalism, newsroom, publishing, publisher, print
advertising, ads, ad tech, adtech, advertiser, advertisers, marketer, marketers, digital marketing
telecom, telco, telecoms, telecommunications, 5G, network operator, carrier, mobile network, subscribers
automate, automation, automated, automatic, automatically, manual, infrastructure as code, scripts
test, testing, QA, quality assurance, staging
feature flag, A B testing, canary, experiments, blue green, rollback, roll back
acquisition, merger, acquired, merge, integrate companies
vendor, supplier, partner, commercial distribution, managed service
large scale, hyperscale, massive, thousands of nodes, millions, huge, petabytes, large clusters
batch, batch jobs, jobs, workflow, cron, scheduled jobs
configuration, configure, puppet, chef, ansible, terraform, helm, provisioning, provision
version, upgrade, upgrades, upgrading, update, updates, patch, patching
"""


@cache
def groups() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """The lines of `GROUPS` as (what is looked for, what is found by it), as written."""
    return tuple(
        (parts(head), parts(tail or head))
        for head, _, tail in (line.partition(">") for line in re.sub(r",\n\s*", ", ", GROUPS).strip().splitlines())
    )


def parts(text: str) -> tuple[str, ...]:
    """Split a comma-separated list."""
    return tuple(part.strip() for part in text.split(","))
